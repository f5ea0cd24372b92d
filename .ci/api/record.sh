#!/usr/bin/env bash
# Keeps the public items of the library, with all features, in tests/golden/public-api.txt, as `cargo public-api` lists them.
#
#   record.sh            writes the record anew
#   record.sh --check    shows what differs from it, and fails if anything does
#   record.sh --print    writes to standard output
set -euo pipefail
cd "$(dirname "$0")/../.."

record=tests/golden/public-api.txt
target="${CARGO_TARGET_DIR:-$PWD/target}"
tool=(cargo run --quiet --locked --manifest-path .ci/api/Cargo.toml --target-dir "$target/api" --)

main() {
    case "${1:-}" in
    '')
        list >"$target/public-api.txt"
        mv "$target/public-api.txt" "$record"
        ;;
    --print) list ;;
    --check) check ;;
    *)
        sed -n '2,/^$/s/^# \{0,1\}//p;/^set/q' "$0" >&2
        exit 2
        ;;
    esac
}

check() {
    if ! cargo fetch --quiet --locked --manifest-path .ci/api/Cargo.toml; then
        echo 'passed over: the crate `public-api` could not be fetched'
        return
    fi
    local status=0
    mkdir -p "$target"
    list >"$target/public-api.txt" || status=$?
    if [ "$status" -eq 3 ]; then
        echo "passed over: the JSON of $(rustdoc --version) has another format than the crate \`public-api\` reads"
    elif [ "$status" -ne 0 ]; then
        return "$status"
    elif ! diff -U 0 --label recorded --label now "$record" "$target/public-api.txt"; then
        echo 'the public API is not that of the record; if that is meant: .ci/api/record.sh, and say it in CHANGELOG.md'
        return 1
    else
        echo "$(wc -l <"$record") public items, as recorded"
    fi
}

list() {
    RUSTDOC="$PWD/.ci/api/rustdoc" cargo rustdoc --quiet --locked --lib --all-features --target-dir "$target" -- \
        -Z unstable-options --output-format json
    "${tool[@]}" "$target/doc/packetcheck.json"
}

main "$@"
