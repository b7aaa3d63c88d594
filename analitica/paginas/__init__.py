"""The section "Analítica" of the office: the answers of the lake as charts and tables."""
