\getenv password POSTGRES_PASSWORD
CREATE ROLE cartera LOGIN CREATEDB PASSWORD :'password';
CREATE DATABASE cartera OWNER cartera;
CREATE DATABASE "BD_polizas" OWNER cartera;
