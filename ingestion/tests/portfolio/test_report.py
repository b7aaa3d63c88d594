import csv

import pytest

from ingestion.portfolio.report import Finding, Report

ONE = Finding("f.csv", 2, "sexo", 'con "comillas", comas\ny renglones', "No vale.")


def lines(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_a_report_of_nothing_leaves_no_file(tmp_path):
    with Report(tmp_path / "a" / "informe.csv") as report:
        pass
    assert not report.path.parent.exists()


def test_every_value_comes_back_as_it_was(tmp_path):
    with Report(tmp_path / "a" / "informe.csv") as report:
        report.add(ONE)
    assert lines(report.path) == [
        ["archivo", "linea", "columna", "valor", "motivo"],
        ["f.csv", "2", "sexo", 'con "comillas", comas\ny renglones', "No vale."],
    ]


def test_a_line_judged_twice_is_told_once(tmp_path):
    with Report(tmp_path / "informe.csv") as report:
        report.add(ONE)
        report.add(ONE)
    assert (report.written, len(lines(report.path))) == (1, 2)


def test_an_old_report_is_not_added_to(tmp_path):
    path = tmp_path / "informe.csv"
    for _time in range(2):
        with Report(path) as report:
            report.add(ONE)
    assert len(lines(path)) == 2


def test_what_was_found_before_a_fault_is_kept(tmp_path):
    with pytest.raises(RuntimeError), Report(tmp_path / "informe.csv") as report:
        report.add(ONE)
        raise RuntimeError
    assert len(lines(report.path)) == 2
