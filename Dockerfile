# Debian 12 rather than 13: the MariaDB connector of the latter refuses the certificate that MySQL makes for itself.
FROM python:3.11-slim-bookworm AS packages
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev libmariadb-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements /tmp/requirements
RUN pip install --no-cache-dir --disable-pip-version-check \
    -r /tmp/requirements/base.txt -r /tmp/requirements/servers.txt -c /tmp/requirements/lock.txt

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libmariadb3 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 1000 --create-home cartera \
    && install --directory --owner cartera --group cartera --mode 750 /srv/cartera
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 VAR_DIR=/srv/cartera
WORKDIR /app
COPY . .
RUN python -m compileall -q . /opt/venv
USER cartera
# Any key does here, and one that is given is written nowhere.
RUN SECRET_KEY=none python manage.py collectstatic --no-input --verbosity 0
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "8"]
