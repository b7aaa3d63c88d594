"""Who lives where: the names, places and ways of writing that the demo draws from."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from clientes.models import Parentesco, Sexo
from ingestion.demo.plan import uno
from polizas.models import Moneda

MUJERES = (
    "Ana", "Beatriz", "Camila", "Carmen", "Catalina", "Daniela", "Elena", "Elsa", "Fernanda", "Flor",
    "Gabriela", "Inés", "Isabel", "Julia", "Laura", "Lorena", "Lucía", "Luz", "María", "Mariana",
    "Marta", "Micaela", "Natalia", "Noelia", "Nuria", "Paloma", "Patricia", "Paula", "Pilar", "Rocío",
    "Rosa", "Sofía", "Soledad", "Susana", "Teresa", "Valentina", "Verónica", "Victoria", "Ximena", "Yolanda",
)  # fmt: skip
HOMBRES = (
    "Adrián", "Alejandro", "Álvaro", "Andrés", "Ángel", "Antonio", "Bruno", "Carlos", "César", "Cristóbal",
    "Diego", "Eduardo", "Emilio", "Enrique", "Esteban", "Felipe", "Fernando", "Gonzalo", "Hugo", "Ignacio",
    "Íñigo", "Javier", "Joaquín", "Jorge", "José", "Juan", "Julián", "Luis", "Manuel", "Marcos",
    "Martín", "Mateo", "Miguel", "Nicolás", "Pablo", "Pedro", "Ramón", "Raúl", "Rodrigo", "Tomás",
)  # fmt: skip
APELLIDOS = (
    "Acosta", "Aguilar", "Álvarez", "Arias", "Ávila", "Benítez", "Blanco", "Bravo", "Cabrera", "Calderón",
    "Campos", "Cárdenas", "Castillo", "Castro", "Chávez", "Contreras", "Cruz", "Delgado", "Díaz", "Domínguez",
    "Espinoza", "Fernández", "Flores", "Fuentes", "García", "Gómez", "González", "Guerrero", "Gutiérrez",
    "Hernández", "Herrera", "Ibáñez", "Jiménez", "Juárez", "León", "López", "Mamani", "Martínez", "Medina",
    "Mendoza", "Molina", "Morales", "Muñoz", "Navarro", "Núñez", "Ortega", "Ortiz", "Paredes", "Peña",
    "Pérez", "Quispe", "Ramírez", "Ramos", "Reyes", "Ríos", "Rodríguez", "Rojas", "Romero", "Ruiz",
    "Salazar", "Sánchez", "Sandoval", "Silva", "Soto", "Suárez", "Torres", "Vargas", "Vásquez", "Vega", "Zúñiga",
)  # fmt: skip
OCUPACIONES = (
    "Docencia", "Enfermería", "Contabilidad", "Comercio", "Abogacía", "Ingeniería civil", "Transporte",
    "Medicina", "Administración", "Electricidad", "Cocina", "Agricultura", "Diseño", "Jubilación",
)  # fmt: skip
CALLES = (
    "Av. Bolívar", "Av. Colón", "Av. de la Constitución", "Av. del Sol", "Av. Independencia", "Av. Libertad",
    "Calle Cervantes", "Calle de la Estación", "Calle del Carmen", "Calle Las Acacias", "Calle Los Olivos",
    "Calle Mayor", "Calle Nueva", "Calle Real", "Calle San Martín", "Jirón de la Unión", "Paseo del Río",
    "Pasaje Los Tilos", "Plaza de Armas", "Plaza Vieja",
)  # fmt: skip
# What a company does, and how its name begins.
GIROS = (
    ("Ferretería", "Ferretería"),
    ("Panadería", "Panadería"),
    ("Transporte de carga", "Transportes"),
    ("Restaurante", "Restaurante"),
    ("Taller mecánico", "Talleres"),
    ("Farmacia", "Farmacias"),
    ("Construcción", "Constructora"),
    ("Venta de repuestos", "Repuestos"),
    ("Confección de ropa", "Textiles"),
    ("Librería y papelería", "Librerías"),
    ("Distribución de alimentos", "Distribuidora"),
    ("Servicios informáticos", "Sistemas"),
)


@dataclass(frozen=True)
class Ciudad:
    """A city, its provincia, and how its postal codes begin."""

    nombre: str
    provincia: str
    postal: str


@dataclass(frozen=True)
class Pais:
    """A country as the house works in it: `cambio` is how many of its moneda make a US dollar, about.

    `movil` and the postal codes hold a # for each figure to be drawn.
    """

    codigo: str
    peso: int
    moneda: Moneda
    cambio: int
    impuesto: int
    sociedad: str
    movil: str
    placa: str
    ciudades: tuple[Ciudad, ...]


PAISES = (
    Pais("PE", 40, Moneda.PEN, 4, 18, "S. A. C.", "+51 9## ### ###", "@#@-###", (
        Ciudad("Lima", "Lima", "150##"), Ciudad("Arequipa", "Arequipa", "040##"),
        Ciudad("Trujillo", "La Libertad", "130##"), Ciudad("Cusco", "Cusco", "080##"),
        Ciudad("Piura", "Piura", "200##"),
    )),
    Pais("ES", 14, Moneda.EUR, 1, 8, "S. L.", "+34 6## ### ###", "####@@@", (
        Ciudad("Madrid", "Madrid", "280##"), Ciudad("Sevilla", "Sevilla", "410##"),
        Ciudad("Ávila", "Ávila", "050##"), Ciudad("A Coruña", "A Coruña", "150##"),
    )),
    Pais("MX", 14, Moneda.MXN, 18, 16, "S. A. de C. V.", "+52 55 #### ####", "@@@-##-##", (
        Ciudad("Ciudad de México", "Ciudad de México", "03###"), Ciudad("Guadalajara", "Jalisco", "44###"),
        Ciudad("Mérida", "Yucatán", "97###"), Ciudad("León", "Guanajuato", "37###"),
    )),
    Pais("CO", 10, Moneda.COP, 4000, 19, "S. A. S.", "+57 31# ### ####", "@@@-###", (
        Ciudad("Bogotá", "Cundinamarca", "1101##"), Ciudad("Medellín", "Antioquia", "0500##"),
        Ciudad("Cali", "Valle del Cauca", "7600##"),
    )),
    Pais("CL", 8, Moneda.CLP, 950, 19, "SpA", "+56 9 #### ####", "@@@@-##", (
        Ciudad("Santiago", "Metropolitana", "832####"), Ciudad("Valparaíso", "Valparaíso", "234####"),
        Ciudad("Concepción", "Biobío", "403####"),
    )),
    Pais("AR", 8, Moneda.ARS, 1000, 21, "S. R. L.", "+54 9 11 #### ####", "@@ ### @@", (
        Ciudad("Buenos Aires", "Buenos Aires", "C1###"), Ciudad("Córdoba", "Córdoba", "X50##"),
        Ciudad("Rosario", "Santa Fe", "S20##"),
    )),
    Pais("EC", 6, Moneda.USD, 1, 15, "Cía. Ltda.", "+593 9# ### ####", "@@@-####", (
        Ciudad("Quito", "Pichincha", "1701##"), Ciudad("Guayaquil", "Guayas", "0901##"),
        Ciudad("Cuenca", "Azuay", "0101##"),
    )),
)  # fmt: skip
PAIS = {pais.codigo: pais for pais in PAISES}
PESOS = tuple(pais.peso for pais in PAISES)

LETRAS = "ABCDEFGHJKLMNPRSTUVWXYZ"


def relleno(chance: Random, plantilla: str) -> str:
    """Return `plantilla` with a figure for each # and a capital for each @."""
    return "".join(
        str(int(chance.random() * 10)) if signo == "#"
        else LETRAS[int(chance.random() * len(LETRAS))] if signo == "@"
        else signo
        for signo in plantilla
    )  # fmt: skip


@dataclass(frozen=True)
class Persona:
    """Who somebody is, before they are anybody's cliente."""

    nombres: str
    paterno: str
    materno: str
    sexo: Sexo
    nacimiento: date

    @property
    def apellidos(self) -> str:
        return f"{self.paterno} {self.materno}"

    @property
    def nombre_completo(self) -> str:
        return f"{self.nombres} {self.apellidos}"


ADULTOS = timedelta(days=21 * 366)
EDADES = 50 * 365


def persona(chance: Random, dia: date) -> Persona:
    """Return somebody who is from 21 to 71 years old on `dia`."""
    mujer = chance.random() < 0.52
    nombres = MUJERES if mujer else HOMBRES
    nombre, segundo = uno(chance, nombres), uno(chance, nombres)
    return Persona(
        nombres=f"{nombre} {segundo}" if chance.random() < 0.3 and segundo != nombre else nombre,
        paterno=uno(chance, APELLIDOS),
        materno=uno(chance, APELLIDOS),
        sexo=Sexo.MUJER if mujer else Sexo.HOMBRE,
        nacimiento=dia - ADULTOS - timedelta(days=int(chance.random() * EDADES)),
    )


def familiar(chance: Random, persona: Persona, dia: date) -> tuple[Persona, Parentesco]:
    """Return the spouse or a child of `persona`, born by `dia`, and what they are to them."""
    mujer = chance.random() < 0.5
    nombre = uno(chance, MUJERES if mujer else HOMBRES)
    sexo = Sexo.MUJER if mujer else Sexo.HOMBRE
    if chance.random() < 0.4:
        nacimiento = persona.nacimiento + timedelta(days=int(chance.random() * 1000))
        otro = Persona(nombre, uno(chance, APELLIDOS), uno(chance, APELLIDOS), sexo, nacimiento)
        return otro, Parentesco.CONYUGE
    nacimiento = dia - timedelta(days=int(chance.random() * 18 * 365))
    hijo = Persona(nombre, persona.paterno, uno(chance, APELLIDOS), sexo, nacimiento)
    return hijo, Parentesco.HIJA if mujer else Parentesco.HIJO
