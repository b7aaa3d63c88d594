from pathlib import Path

import pytest

from ingestion.portfolio.errors import FileError
from ingestion.portfolio.files import BadRow, PortfolioFile
from ingestion.portfolio.mapping import FileForm
from ingestion.portfolio.values import Row


def rows(path: Path, content: bytes, columns=("a", "b"), **form) -> list[Row | BadRow]:
    path = path / "f.csv"
    path.write_bytes(content)
    return list(PortfolioFile(path, FileForm(**form), columns).rows())


def test_cells_are_trimmed_and_other_columns_left_out(tmp_path):
    (row,) = rows(tmp_path, b"b, a ,z\r\n 1 ,2,3\r\n")
    assert (row.cells, row.line, row.file) == ({"a": "2", "b": "1"}, 2, "f.csv")


def test_a_line_is_known_by_where_it_starts(tmp_path):
    found = rows(tmp_path, b'a,b\n"x\ny",1\n\n2,3\n')
    assert [(row.serial, row.line) for row in found] == [(0, 2), (1, 5)]


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path):
    assert rows(tmp_path, "\ufeffa,b\nñ,1\n".encode())[0].cells["a"] == "ñ"


def test_another_separator_and_encoding(tmp_path):
    (row,) = rows(tmp_path, "a;b\nñ;1\n".encode("latin-1"), separator=";", encoding="latin-1")
    assert row.cells == {"a": "ñ", "b": "1"}


def test_a_line_with_cells_missing_is_told_and_the_rest_goes_on(tmp_path):
    bad, good = rows(tmp_path, b"a,b\n1\n2,3\n")
    assert isinstance(bad, BadRow)
    assert bad.reason == "La línea tiene 1 celdas y la cabecera 2."
    assert isinstance(good, Row)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "está vacío"),
        (b"\n", "está vacío"),
        (b"a,c\n1,2\n", "le faltan las columnas b"),
        (b"a,b,a\n1,2,3\n", "repite las columnas a"),
        (b"a,b\n1,2\n\xff,3\n", "no está escrito en utf-8"),
        (b'a,b\n1,2\n"abierta,3\n', "después de la línea 2 no es CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(tmp_path, content, sentence):
    with pytest.raises(FileError, match=rf"f\.csv.*{sentence}"):
        rows(tmp_path, content)


def test_utf_16_without_its_mark_is_told_in_a_sentence(tmp_path):
    with pytest.raises(FileError, match="no está escrito en utf-16"):
        rows(tmp_path, "a,b\n1,2\n".encode("utf-16-le"), encoding="utf-16")


def test_missing_columns_are_told_of_the_file(tmp_path):
    with pytest.raises(FileError, match=r"^Al archivo .*f\.csv le faltan las columnas a, b\.$"):
        rows(tmp_path, b"c\n1\n")


def test_a_file_that_is_not_there_is_named(tmp_path):
    file = PortfolioFile(tmp_path / "no.csv", FileForm(), ("a",))
    for read in (file.fingerprint, lambda: list(file.rows())):
        with pytest.raises(FileError, match=r"no\.csv no existe"):
            read()


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(FileError, match="es una carpeta"):
        list(PortfolioFile(tmp_path, FileForm(), ("a",)).rows())


def test_a_file_that_changes_is_another(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text("a\n1\n")
    file = PortfolioFile(path, FileForm(), ("a",))
    before = file.fingerprint()
    path.write_text("a\n1\n2\n")
    assert file.fingerprint() != before
