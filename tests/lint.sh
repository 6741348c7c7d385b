#!/bin/bash
# Runs all checks of `make lint`, also after a failure. Arguments: our files and folders.
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

show() {  # show NAME COMMAND...: like check, and prints the output even if the command succeeds
    local name=$1 output
    shift
    if output=$("$@" 2>&1); then
        printf '  ok    %s\n%s\n' "$name" "$(sed 's/^/          /' <<<"$output")"
    else
        printf '\n  FAIL  %s\n%s\n\n' "$name" "$output"
        failed+=("$name")
    fi
}

templates() { git ls-files --cached --others --exclude-standard '*.html' | xargs "$@"; }
# Biome's launcher is a Node.js script, and Node.js is in .venv.
biome() { PATH="$PWD/$bin:$PATH" tests/node_modules/.bin/biome "$@" --config-path=tests/web.jsonc; }

# For one command below; nothing is kept or served.
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
check "order of apps (import-linter)" env PYTHONPATH=site:. "$bin/lint-imports" --no-cache --config pyproject.toml
check "cycles of imports" "$bin/python" tests/checks/import_cycles.py
show "sizes" "$bin/python" tests/checks/size.py
show "plain English" "$bin/python" tests/checks/dialect.py
check "templates (djade)" templates "$bin/djade" --check --target-version 5.2
check "template lines" templates "$bin/python" tests/checks/template_lines.py
check "JavaScript and CSS (biome)" biome check --error-on-warnings
check "templates compile" env DJANGO_SETTINGS_MODULE=config.settings.test "$bin/python" manage.py check_templates
check "migrations are complete" env DJANGO_SETTINGS_MODULE=config.settings.test "$bin/python" manage.py makemigrations --check --dry-run
check "deployment settings" with_production_settings "$bin/python" manage.py check --deploy --fail-level WARNING

if ((${#failed[@]})); then
    printf '\nFailed:'
    printf ' %s;' "${failed[@]}"
    printf '\n'
    exit 1
fi
