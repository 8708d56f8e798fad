# The engine with a model trained from the YAML of this checkout. Built from the root: see docker-compose.yml.
FROM python:3.10-slim-bookworm AS build
WORKDIR /build
COPY requirements/uv.txt requirements/uv.txt
RUN python -m venv /opt/uv && /opt/uv/bin/pip install --no-cache-dir --require-hashes -r requirements/uv.txt
COPY engine/requirements.txt engine/requirements.txt
RUN python -m venv --without-pip /opt/engine \
    && /opt/uv/bin/uv pip sync --no-cache --compile-bytecode --python /opt/engine/bin/python --require-hashes engine/requirements.txt

FROM build AS model
WORKDIR /app
COPY domain.yml config.yml credentials.yml endpoints.yml ./
COPY data data
COPY engine engine
RUN RASA_TELEMETRY_ENABLED=false /opt/engine/bin/python -m engine.train

FROM python:3.10-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home ramah
WORKDIR /app
COPY --from=build /opt/engine /opt/engine
COPY domain.yml config.yml credentials.yml endpoints.yml ./
COPY engine engine
COPY deploy/__init__.py deploy/healthy.py deploy/
COPY --from=model /app/models models
RUN python -m compileall -q engine
ENV PATH=/opt/engine/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp RASA_TELEMETRY_ENABLED=false MPLCONFIGDIR=/tmp
USER ramah
CMD ["python", "-m", "engine.serve"]
