//! JSON messages: task details of Huawei Cloud SMS, answers of Alibaba Cloud DataWorks.

mod inputs;

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use inputs::json as messages;
use packetcheck::dataworks::Response;
use packetcheck::sms::Task;
use packetcheck::{Error, PacketKind};

/// The task details that the documentation prints.
const SMS_EXAMPLE: &[u8] = include_bytes!("../tests/data/sms/documentation/show_task.json");

struct Corpus {
    name: &'static str,
    kind: PacketKind,
    packets: Vec<Vec<u8>>,
}

fn corpora() -> Vec<Corpus> {
    let large = messages::task(messages::LARGE_DISKS, messages::LARGE_STEPS);
    let answers = messages::answers(messages::ANSWERS, false);
    vec![
        Corpus { name: "sms.example", kind: PacketKind::SmsTask, packets: vec![SMS_EXAMPLE.to_vec()] },
        Corpus { name: "sms.large", kind: PacketKind::SmsTask, packets: vec![large] },
        Corpus { name: "dataworks.json", kind: PacketKind::DataWorksResponse, packets: answers },
    ]
}

fn json(criterion: &mut Criterion) {
    let corpora = corpora();
    let mut group = criterion.benchmark_group("json validate");
    for Corpus { name, kind, packets } in &corpora {
        let valid = || packets.iter().filter(|packet| kind.is_valid(black_box(packet))).count();
        assert_eq!(valid(), packets.len(), "every message of {name} is valid");
        group.throughput(bytes_of(packets));
        group.bench_function(*name, |bencher| bencher.iter(valid));
    }
    group.finish();
    let mut group = criterion.benchmark_group("json explain");
    for Corpus { name, kind, packets } in &corpora {
        let errors = || packets.iter().map(|packet| kind.explain(black_box(packet)).errors).sum::<usize>();
        assert_eq!(errors(), 0, "every message of {name} is valid");
        group.throughput(bytes_of(packets));
        group.bench_function(*name, |bencher| bencher.iter(errors));
    }
    group.finish();
    let mut group = criterion.benchmark_group("json decode");
    for Corpus { name, kind, packets } in &corpora {
        match kind {
            PacketKind::SmsTask => decode(&mut group, name, packets, Task::decode),
            _ => decode(&mut group, name, packets, Response::decode_json),
        }
    }
    group.finish();
    let mut group = criterion.benchmark_group("json encode");
    for Corpus { name, kind, packets } in &corpora {
        match kind {
            PacketKind::SmsTask => encode(&mut group, name, packets, Task::decode, Task::encode),
            _ => encode(&mut group, name, packets, Response::decode_json, Response::encode_json),
        }
    }
    group.finish();
}

fn decode<'p, T>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    packets: &'p [Vec<u8>],
    decode: fn(&'p [u8]) -> Result<T, Error>,
) {
    group.throughput(bytes_of(packets));
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            for packet in packets {
                black_box(decode(black_box(packet)).expect("a corpus decodes"));
            }
        });
    });
}

fn encode<'p, T>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    packets: &'p [Vec<u8>],
    decode: fn(&'p [u8]) -> Result<T, Error>,
    encode: fn(&T) -> Result<Vec<u8>, Error>,
) {
    let values: Vec<T> = packets.iter().map(|packet| decode(packet).expect("a corpus decodes")).collect();
    group.throughput(Throughput::Elements(values.len() as u64));
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            for value in &values {
                black_box(encode(black_box(value)).expect("a decoded value is valid"));
            }
        });
    });
}

fn bytes_of(packets: &[Vec<u8>]) -> Throughput {
    Throughput::Bytes(packets.iter().map(|packet| packet.len() as u64).sum())
}

criterion_group!(benches, json);
criterion_main!(benches);
