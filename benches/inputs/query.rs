//! Requests in the query form: `GetMigrationProcess` of Alibaba Cloud DataWorks.

use super::{SEED, SplitMix64};

/// The number of different requests in the `dataworks.requests` corpus.
pub(crate) const REQUESTS: usize = 500;

const REGIONS: &[&str] = &["cn-shanghai", "cn-hangzhou", "cn-beijing", "ap-southeast-1", "eu-central-1"];

/// `dataworks.requests`: signed requests, each as a URL, as its query, or as a form body, their parameters in any order.
pub(crate) fn requests(count: usize) -> Vec<Vec<u8>> {
    let mut random = SplitMix64::new(SEED ^ 5);
    (0..count).map(|_| request(&mut random).into_bytes()).collect()
}

fn request(random: &mut SplitMix64) -> String {
    let region = random.pick(REGIONS);
    let before = match random.below(10) {
        0..5 => format!("https://dataworks.{region}.aliyuncs.com/?"),
        5..7 => "/?".to_owned(),
        7..8 => "?".to_owned(),
        _ => String::new(), // the form body
    };
    let mut parameters = vec![
        "Action=GetMigrationProcess".to_owned(),
        "Version=2020-05-18".to_owned(),
        format!("ProjectId={}", 1 + random.below(1_000_000)),
        format!("MigrationId={}", 1 + random.below(1 << 40)),
        format!("RegionId={region}"),
        "AccessKeyId=testid".to_owned(),
        format!("Timestamp={}", timestamp(random)),
        "SignatureMethod=HMAC-SHA1".to_owned(),
        "SignatureVersion=1.0".to_owned(),
        format!("SignatureNonce={:016x}-{:04x}", random.next(), random.below(1 << 16)),
        format!("Signature={}", signature(random)),
    ];
    if random.chance(60) {
        parameters.push(format!("Format={}", random.pick(&["JSON", "XML"])));
    }
    random.shuffle(&mut parameters);
    before + &parameters.join("&")
}

/// With its colons escaped, as signing requires.
fn timestamp(random: &mut SplitMix64) -> String {
    let mut two = |first, count| first + random.below(count);
    let (month, day, hour, minute, second) = (two(1, 12), two(1, 28), two(0, 24), two(0, 60), two(0, 60));
    format!("2026-{month:02}-{day:02}T{hour:02}%3A{minute:02}%3A{second:02}Z")
}

/// 20 bytes in base64, including characters that need escaping.
fn signature(random: &mut SplitMix64) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for _ in 0..27 {
        match DIGITS[random.below(64) as usize] {
            b'+' => text.push_str("%2B"),
            b'/' => text.push_str("%2F"),
            digit => text.push(char::from(digit)),
        }
    }
    text + "%3D"
}
