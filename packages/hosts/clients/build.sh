#!/usr/bin/env bash
# Makes clients of the interface's description by every generator that the documents name, and compiles them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly into=built/clients tools=.venv/bin
rm -rf "$into"
mkdir -p "$into"
"${XIESOU_PYTHON:-../../.venv/bin/python}" -c 'import json, sys
from web.app import create_app
from web.openapi import describe_api
json.dump(describe_api(create_app(), "http://localhost"), sys.stdout, ensure_ascii=False)' >"$into/openapi.json"

for generator in java python typescript-fetch; do
    library=()
    [[ $generator != java ]] || library=(--library=native)
    if ! "$tools"/openapi-generator-cli generate -i "$into"/openapi.json -g "$generator" "${library[@]}" \
        -o "$into/$generator" >"$into"/generated.log 2>&1; then
        tail -n 30 "$into"/generated.log
        exit 1
    fi
done
PATH="$PWD/$tools:$PATH" "$tools"/openapi-python-client generate --path "$into"/openapi.json \
    --output-path "$into"/openapi-python-client >"$into"/generated.log 2>&1
"$tools"/pip install --quiet --disable-pip-version-check --force-reinstall --no-deps "./$into/python" "./$into/openapi-python-client"
(cd "$into/java" && mvn --quiet --batch-mode -DskipTests compile dependency:build-classpath -Dmdep.outputFile=classpath)
javac -cp "$into/java/target/classes:$(<"$into/java/classpath")" -d "$into/java" clients/Ask.java
(
    cd apps
    npx openapi-typescript ../"$into"/openapi.json -o ../"$into"/types.d.ts >/dev/null
    npx orval --input ../"$into"/openapi.json --output ../"$into"/orval.ts --client fetch >/dev/null
    npx tsc -p clients.tsconfig.json
    NODE_PATH=node_modules npx esbuild ../clients/ask.ts --bundle --platform=node --format=esm --log-level=warning --outfile=../"$into"/ask.mjs
)
