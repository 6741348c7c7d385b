#!/bin/bash
# Every check of `make lint`, each to its end: the first failure hides no other. Arguments: our files and folders.
set -u
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=()

check() {  # check NAME COMMAND...
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        printf '  ok    %s\n' "$name"
    else
        printf '\n  FAIL  %s\n%s\n\n' "$name" "$output"
        failed+=("$name")
    fi
}

templates() { git ls-files --cached --others --exclude-standard '*.html' | xargs "$@"; }
# Biome's launcher is a Node.js script, and Node.js is in .venv.
biome() { PATH="$PWD/$bin:$PATH" tests/node_modules/.bin/biome "$@" --config-path=tests/web.jsonc; }

# Only for these two commands; nothing is kept, nothing is served.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
with_production_settings() {
    env -u DATABASE_URL -u CACHE_URL FIRSTHAND_VAR="$scratch" DJANGO_SETTINGS_MODULE=config.settings.production \
        SECRET_KEY="$("$bin/python" -c 'import secrets; print(secrets.token_urlsafe(50))')" \
        ALLOWED_HOSTS=www.example.org SITE_URL=https://www.example.org "$@"
}

check "ruff check" "$bin/ruff" check --quiet "$@"
check "ruff format" "$bin/ruff" format --check "$@"
check "mypy (strict but for what pyproject.toml says)" "$bin/mypy" "$@"
check "order of rooms (import-linter)" env PYTHONPATH=site:. "$bin/lint-imports" --no-cache --config pyproject.toml
check "templates (djade)" templates "$bin/djade" --check --target-version 5.2
check "template lines" templates "$bin/python" tests/checks/template_lines.py
check "JavaScript and CSS (biome)" biome check --error-on-warnings
check "templates compile" env DJANGO_SETTINGS_MODULE=config.settings.test "$bin/python" manage.py check_templates
check "migrations are complete" env DJANGO_SETTINGS_MODULE=config.settings.test "$bin/python" manage.py makemigrations --check --dry-run
check "deployment settings" with_production_settings "$bin/python" manage.py check --deploy --fail-level WARNING

if ((${#failed[@]})); then
    printf '\nNot in order:'
    printf ' %s;' "${failed[@]}"
    printf '\n'
    exit 1
fi
