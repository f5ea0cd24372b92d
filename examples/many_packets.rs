//! Verdicts on many packets in one process. Standard input has each packet after its length (four bytes,
//! little-endian); standard output gets 1 or 0 for each packet, by the kind that it shows.
//!
//! ```sh
//! cargo run --release --example many_packets < packets > verdicts
//! ```

use std::io::{self, BufRead, BufReader, BufWriter, ErrorKind, Read, Write};

use packetcheck::PacketKind;

fn main() -> io::Result<()> {
    let mut packets = BufReader::new(io::stdin().lock());
    let mut verdicts = BufWriter::new(io::stdout().lock());
    let mut packet = Vec::new();
    while !packets.fill_buf()?.is_empty() {
        let mut length = [0; 4];
        packets.read_exact(&mut length)?;
        let length = u64::from(u32::from_le_bytes(length));
        packet.clear();
        if packets.by_ref().take(length).read_to_end(&mut packet)? as u64 != length {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        verdicts.write_all(if PacketKind::is_valid_detected(&packet) { b"1" } else { b"0" })?;
    }
    verdicts.flush()
}
