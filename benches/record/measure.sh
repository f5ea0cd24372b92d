#!/usr/bin/env bash
# Counts the instructions that packetcheck takes per packet, with callgrind.
#
#   measure.sh            rewrites instructions.tsv
#   measure.sh --check    compares with it; fails if anything takes 3 % more instructions than recorded
#   measure.sh --print    writes to standard output
#   measure.sh --build    only builds the program, and prints its path
#
# Each line is a run of `packetcheck-peers --once` (benches/peers). Only one pass over the corpus is counted, without
# starting the program, generating the corpus, compiling the schema, or a first pass that fills caches.
set -euo pipefail
cd "$(dirname "$0")"

record=instructions.tsv
tolerance_percent=3
# The path of a package is part of the names of its symbols, and what the compiler inlines depends on their order: the same
# source in another folder takes up to 7 % more or fewer instructions. Through this link every checkout has the same path.
link=/tmp/packetcheck-measure
manifest="$link/checkout/benches/peers/Cargo.toml"
header=$'contender\tcorpus\tinstructions\trustc'
rustc="$(rustc --version)"

# What is measured: contenders, and the corpora for each.
packet_contenders=('packetcheck validate' 'packetcheck explain' 'packetcheck decode')
packet_corpora=(mix.pretty mix.min large.pretty dataworks.xml requests)
written_contenders=('packetcheck encode' 'packetcheck encode serde')
written_corpora=(mix.pretty large.pretty requests)
generated_contenders=('generated decode' 'generated encode')
generated_corpora=(mix.pretty mix.min large.pretty)
shape_corpora=(prefixes attributes mixed wildcards identity)

main() {
    case "${1:-}" in
    '')
        measure >"$record.new"
        mv "$record.new" "$record"
        ;;
    --print) measure ;;
    --build) build ;;
    --check) check ;;
    *)
        sed -n '2,/^$/s/^# \{0,1\}//p;/^set/q' "$(basename "$0")" >&2
        exit 2
        ;;
    esac
}

check() {
    if ! command -v valgrind >/dev/null; then
        echo 'passed over: valgrind is not installed'
    elif [ "$(cut -f 4 "$record" | sed 1d | sort -u)" != "$rustc" ]; then
        echo "passed over: $record is of another compiler than $rustc"
    else
        compare <(measure)
    fi
}

# Prints both figures of each line that differs by more than the tolerance.
compare() {
    awk -F '\t' -v tolerance="$tolerance_percent" '
        FNR == 1 { next }
        NR == FNR { recorded[$1 FS $2] = $3; next }
        {
            measured++
            was = recorded[$1 FS $2]
            delete recorded[$1 FS $2]
            if (was == "") {
                printf "%s, %s: not recorded; %d instructions now\n", $1, $2, $3
                failed = 1
                next
            }
            change = ($3 - was) * 100 / was
            if (change > tolerance) {
                printf "%s, %s: %d instructions a packet, %d recorded: %.1f %% more\n", $1, $2, $3, was, change
                failed = 1
            } else if (change < -tolerance) {
                printf "%s, %s: %d instructions a packet, %d recorded: record it\n", $1, $2, $3, was
            }
        }
        END {
            for (line in recorded) {
                sub(FS, ", ", line)
                printf "%s: recorded, but not measured\n", line
                failed = 1
            }
            if (failed) {
                print "instruction counts do not agree with the record; if that is meant: benches/record/measure.sh"
                exit 1
            }
            printf "%d counts are at most %d %% above the record\n", measured, tolerance
        }
    ' "$record" "$1"
}

measure() {
    local program work
    program="$(build)"
    work="$(mktemp -d)"
    # shellcheck disable=SC2064  # The folder's name is known here, but not when the trap runs.
    trap "rm -rf '$work'" EXIT
    printf '%s\n' "$header"
    local number=0 contender corpus
    list | while IFS=$'\t' read -r contender corpus; do
        number=$((number + 1))
        printf '%s\0%s\0%s\0%s\0' "$program" "$contender" "$corpus" "$work/$(printf '%03d' "$number")"
    done | xargs -0 -n 4 -P "$(nproc)" bash -c 'count "$@"' count
    cat "$work"/*.line
}

list() {
    local contender corpus
    for contender in "${packet_contenders[@]}"; do
        for corpus in "${packet_corpora[@]}"; do
            printf '%s\t%s\n' "$contender" "$corpus"
        done
    done
    for contender in "${written_contenders[@]}"; do
        for corpus in "${written_corpora[@]}"; do
            printf '%s\t%s\n' "$contender" "$corpus"
        done
    done
    for contender in "${generated_contenders[@]}"; do
        for corpus in "${generated_corpora[@]}"; do
            printf '%s\t%s\n' "$contender" "$corpus"
        done
    done
    for corpus in "${shape_corpora[@]}"; do
        printf 'packetcheck validate\t%s\n' "$corpus"
    done
}

build() {
    local root target
    root="$(cd ../.. && pwd)"
    target="${CARGO_TARGET_DIR:-$root/benches/peers/target}"
    mkdir -p "$link"
    (
        # Of two checkouts that build at once, one waits for the other.
        flock 9
        ln -sfn "$root" "$link/checkout"
        cd "$link/checkout"
        # With the peers in C, like the table, so that one program serves both.
        cargo build --quiet --locked --release --features c-peers --target-dir "$target" --manifest-path "$manifest"
    ) 9>"$link/lock" >&2
    printf '%s/release/packetcheck-peers\n' "$target"
}

# count PROGRAM CONTENDER CORPUS FILES: one line of the record, in FILES.line.
count() {
    local program="$1" contender="$2" corpus="$3" files="$4"
    valgrind --tool=callgrind --toggle-collect='*counted_pass*' --callgrind-out-file="$files.callgrind" \
        --log-file="$files.log" "$program" --once --contender "$contender" --corpus "$corpus" >"$files.out"
    local instructions packets
    instructions="$(sed -n 's/^==.*Collected : //p' "$files.log")"
    packets="$(cut -f 3 "$files.out")"
    if [ "${instructions:-0}" -lt "$packets" ]; then
        echo "nothing was counted of $contender, $corpus" >&2
        exit 1
    fi
    printf '%s\t%s\t%d\t%s\n' "$contender" "$corpus" "$((instructions / packets))" "$rustc" >"$files.line"
}
export -f count
export rustc

main "$@"
