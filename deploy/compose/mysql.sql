-- Databases for tests: BD_clientes and its rights are the image's doing.
GRANT ALL ON `test\_%`.* TO cartera@'%';
