//! The Rust side of `bench.py`. Standard input has packets, each after its length (four bytes, little-endian). Standard
//! output gets the number of valid packets and the seconds that one pass takes with `is_valid`, with `is_valid` for the
//! detected kind, and with `explain`. The time is that of the fastest round over a short part, which is hardly
//! disturbed by other processes.

use std::io::Read;
use std::time::Instant;

use packetcheck_core::PacketKind;

/// As in `bench.py`.
const ROUNDS: usize = 5;
const PART: usize = 10_000;

fn main() -> std::io::Result<()> {
    let mut input = Vec::new();
    std::io::stdin().lock().read_to_end(&mut input)?;
    let (mut packets, mut rest) = (Vec::new(), &input[..]);
    while let Some((length, after)) = rest.split_first_chunk() {
        let (packet, after) = after.split_at(u32::from_le_bytes(*length) as usize);
        packets.push(packet);
        rest = after;
    }
    let best = |judge: &dyn Fn(&[u8]) -> bool| {
        let of_part = |part: &[&[u8]]| {
            let rounds = (0..ROUNDS).map(|_| {
                let begin = Instant::now();
                let valid = part.iter().filter(|packet| judge(packet)).count();
                (begin.elapsed().as_secs_f64(), valid)
            });
            rounds.min_by(|one, other| one.0.total_cmp(&other.0)).unwrap_or_default()
        };
        let parts = packets.chunks(PART).map(of_part);
        parts.fold((0.0, 0), |(seconds, valid), part| (seconds + part.0, valid + part.1))
    };
    let kind = PacketKind::PleskResponse;
    let (is_valid, valid) = best(&|packet| kind.is_valid(packet));
    let (detected, _) = best(&|packet| PacketKind::is_valid_detected(packet));
    let (explain, _) = best(&|packet| kind.explain(packet).is_valid());
    println!("{valid} {is_valid} {detected} {explain}");
    Ok(())
}
