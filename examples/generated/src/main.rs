//! Types that a build script generates for a schema: a document is read, changed, and written again.
//!
//! `cargo run --manifest-path examples/generated/Cargo.toml`

use std::borrow::Cow;

/// What `build.rs` generates for `order.xsd`.
#[allow(dead_code)]
mod order {
    include!(concat!(env!("OUT_DIR"), "/mod.rs"));
}

use order::{OrderChoice, State};

const DOCUMENT: &[u8] = br#"<?xml version="1.0" encoding="UTF-8"?>
<order id="7" state="open"><customer>Ada &amp; Co.</customer><item><name>tea</name><quantity>2</quantity></item><voucher>SPRING</voucher></order>"#;

const DELIVERED: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<order id="7" state="delivered"><customer>Ada &amp; Co.</customer><item><name>green tea</name><quantity>3</quantity></item><cash/></order>"#;

fn main() -> Result<(), packetcheck::Error> {
    let mut order = order::decode_order(DOCUMENT)?; // its texts borrow from the document where they can
    assert_eq!((order.id, &*order.customer), (7, "Ada & Co."));
    assert_eq!(order.choice, OrderChoice::Voucher(Cow::Borrowed("SPRING")));

    order.state = Some(State::Delivered);
    order.item[0].name = Cow::Borrowed("green tea");
    order.item[0].quantity += 1;
    order.choice = OrderChoice::Cash;
    let mut buffer = Vec::new(); // may be used again for the next order
    order::encode_order_into(&order, &mut buffer)?;
    assert_eq!(String::from_utf8_lossy(&buffer), DELIVERED);

    // An invalid value is not written: the error has the whole report.
    order.item[0].quantity = 0;
    let error = order::encode_order(&order).expect_err("the schema wants at least one");
    let path = error.report().and_then(|report| report.diagnostics.first()).map(|error| error.path.as_str());
    assert_eq!(path, Some("/order/item/quantity"));

    println!("{DELIVERED}");
    Ok(())
}
