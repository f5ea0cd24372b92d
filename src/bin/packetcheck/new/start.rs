//! `new plesk start`.

use packetcheck::Limits;
use packetcheck::plesk::{Customer, MappedIp, Request, Reseller, SelectedObjects, Start, Webspace};

use super::secret;
use crate::args::new_plesk::{NewPleskStart, Part, PleskPacketArguments};
use crate::input::Source;
use crate::status::Trouble;

pub(super) fn request(mut arguments: NewPleskStart) -> Result<(PleskPacketArguments, Request<'static>), Trouble> {
    let objects = selected_objects(&mut arguments)?;
    let NewPleskStart { host, login, password_file, directory, .. } = arguments;
    let mut start = Start::new(host, login, secret::read(&password_file)?, directory, objects);
    if let Some(system_type) = arguments.system_type {
        start = start.with_system_type(system_type);
    }
    if let Some(transport) = arguments.content_transport {
        start = start.with_content_transport(transport);
    }
    let start = match arguments.only {
        None => start,
        Some(Part::Hosting) => start.only_hosting(),
        Some(Part::Mail) => start.only_mail(),
    };
    Ok((arguments.packet, Request::start(start)))
}

fn selected_objects(arguments: &mut NewPleskStart) -> Result<SelectedObjects<'static>, Trouble> {
    if let Some(path) = &arguments.objects {
        let source = Source::named(path);
        let trouble = |why: String| Trouble::Message(format!("{}: {why}", source.name()));
        let text = source.read(&Limits::default()).map_err(trouble)?;
        return SelectedObjects::decode_json(&text)
            .map(SelectedObjects::into_owned)
            .map_err(|error| trouble(error.to_string()));
    }
    let ips = std::mem::take(&mut arguments.ips);
    let owner = arguments.target_owner.take().unwrap_or_default();
    let [resellers, customers, webspaces] =
        [&mut arguments.resellers, &mut arguments.customers, &mut arguments.webspaces].map(std::mem::take);
    if !resellers.is_empty() {
        let reseller = |name| ips.iter().cloned().fold(Reseller::new(name), Reseller::with_ip);
        return Ok(SelectedObjects::resellers(resellers.into_iter().map(reseller)));
    }
    if !customers.is_empty() {
        let customer = |name| ips.iter().cloned().fold(Customer::new(name), Customer::with_ip);
        return Ok(SelectedObjects::customers(owner, customers.into_iter().map(customer)));
    }
    let ip: Option<MappedIp<'static>> = match ips.as_slice() {
        [] => None,
        [ip] => Some(ip.clone()),
        _ => return Err(Trouble::Message("--ip: a subscription has one address, found several".to_owned())),
    };
    let db_servers = std::mem::take(&mut arguments.db_servers);
    let webspace = |name| {
        let webspace = db_servers.iter().cloned().fold(Webspace::new(name), Webspace::with_db_server);
        ip.iter().cloned().fold(webspace, Webspace::with_ip)
    };
    Ok(SelectedObjects::webspaces(owner, webspaces.into_iter().map(webspace)))
}
