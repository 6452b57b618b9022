# The collectors: workers and beat, without Spark and Java. `bootstrap/push_image.sh` builds and pushes it.
#
#   docker build --tag antipode .
#   docker run --rm antipode worker collect --help

# The tag says what it is, the digest (of the index for all kinds of machines) that it stays so.
ARG PYTHON=3.11.13-slim-bookworm@sha256:86adf8dbadc3d6e82ee5dd2c74bec2e1c2467cdad47886280501df722372d2e1

FROM python:${PYTHON} AS build
WORKDIR /build
COPY requirements/run.txt ./
# Spark is for clusters. What is left is locked, with hashes, and comes as wheels: no compiler.
RUN awk '/^[a-z0-9]/ { keep = !/^(pyspark|py4j)==/ } keep' run.txt > collectors.txt \
  && python -m venv /opt/antipode \
  && /opt/antipode/bin/pip install --no-cache-dir --no-deps --only-binary :all: --require-hashes --requirement collectors.txt
COPY pyproject.toml README.md LICENSE ./
COPY conf conf
COPY schemas schemas
COPY lake lake
COPY enrichment enrichment
COPY collectors collectors
COPY models models
COPY jobs jobs
COPY antipode antipode
# setuptools builds the package itself and does not come along.
RUN python -m venv /tmp/setuptools \
  && /tmp/setuptools/bin/pip install --no-cache-dir setuptools==80.9.0 \
  && /tmp/setuptools/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /tmp/wheels . \
  && /opt/antipode/bin/pip install --no-cache-dir --no-deps /tmp/wheels/*.whl \
  && /opt/antipode/bin/pip uninstall --yes pip setuptools

FROM python:${PYTHON}
# A number, so that an orchestrator can see that it is not root.
# It writes below its own folder only. A volume takes over owner and mode of a folder that the image
# has and names; on Fargate any other would be root's.
RUN groupadd --gid 10001 antipode \
  && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/antipode antipode \
  && install --directory --owner 10001 --group 10001 --mode 0700 /var/lib/antipode
COPY --from=build /opt/antipode /opt/antipode
ENV PATH=/opt/antipode/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    TMPDIR=/var/lib/antipode \
    ANTIPODE_DATA_DIR=/var/lib/antipode/data
USER 10001:10001
WORKDIR /var/lib/antipode
VOLUME ["/var/lib/antipode"]
EXPOSE 9100
# Workers with --metrics-port 9100 answer there; what serves nothing names another check.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
  CMD ["python", "-m", "antipode.healthy", "http://127.0.0.1:9100/metrics"]
ENTRYPOINT ["antipode"]
CMD ["--help"]
