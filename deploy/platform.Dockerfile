# Console, actions and worker: one image, three commands. Built from the root: see docker-compose.yml.
FROM python:3.11-slim-bookworm AS build
WORKDIR /build
COPY requirements/uv.txt requirements/uv.txt
RUN python -m venv /opt/uv && /opt/uv/bin/pip install --no-cache-dir --require-hashes -r requirements/uv.txt
COPY requirements/base.txt requirements/base.txt
RUN python -m venv --without-pip /opt/ramah \
    && /opt/uv/bin/uv pip sync --no-cache --compile-bytecode --python /opt/ramah/bin/python --require-hashes requirements/base.txt

FROM build AS assets
COPY requirements requirements
COPY scripts scripts
COPY console/package.json console/package-lock.json console/.npmrc console/assets.json console/
RUN python -m scripts.bootstrap --assets-only

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home ramah
WORKDIR /app
COPY --from=build /opt/ramah /opt/ramah
COPY ramah ramah
COPY actions actions
COPY console console
COPY worker worker
COPY deploy/__init__.py deploy/healthy.py deploy/
COPY --from=assets /build/console/static/vendor console/static/vendor
RUN python -m compileall -q ramah actions console worker && install -d -o ramah -g ramah var
ENV PATH=/opt/ramah/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER ramah
CMD ["python", "-m", "console"]
