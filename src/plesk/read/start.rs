//! `start` from events.

use std::borrow::Cow;

use super::Result;
use crate::check::{Note, Stop};
use crate::codec::{Cursor, Secret};
use crate::plesk::{
    Customer, DbServer, Ip, IpType, MappedDbServer, MappedIp, MigrateCustomers, MigrateResellers, MigrateWebspaces,
    Only, Reseller, SelectedObjects, Start, SystemType, Webspace,
};

pub(super) fn start<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<Box<Start<'a>>> {
    let none = Cow::Borrowed("");
    let mut start = Box::new(Start {
        host: none.clone(),
        login: none.clone(),
        password: Secret::default(),
        destination_host_directory: none,
        system_type: None,
        content_transport: None,
        only: None,
        selected_objects: SelectedObjects::Webspaces(Vec::new()),
    });
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"host" => start.host = cursor.text(element)?,
            b"login" => start.login = cursor.text(element)?,
            b"password" => start.password = cursor.text(element)?.into(),
            b"destination-host-directory" => start.destination_host_directory = cursor.text(element)?,
            b"system-type" => start.system_type = Some(system_type(&cursor.text(element)?)?),
            b"content-transport" => start.content_transport = Some(cursor.text(element)?),
            b"only-hosting" => start.only = Some(Only::OnlyHosting(cursor.anything(element)?)),
            b"only-mail" => start.only = Some(Only::OnlyMail(cursor.anything(element)?)),
            b"selected-objects" => selected_objects(cursor, element, &mut start.selected_objects)?,
            _ => return Err(Stop),
        }
        Ok(())
    })?;
    Ok(start)
}

fn system_type(text: &str) -> Result<SystemType> {
    match text {
        "unix" => Ok(SystemType::Unix),
        "windows" => Ok(SystemType::Windows),
        _ => Err(Stop),
    }
}

fn selected_objects<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note, selected: &mut SelectedObjects<'a>) -> Result<()> {
    cursor.children(element, |cursor, element| {
        match (cursor.name(element), &mut *selected) {
            (b"migrate-resellers", _) => *selected = SelectedObjects::Resellers(resellers(cursor, element)?),
            (b"migrate-customers", _) => *selected = SelectedObjects::Customers(customers(cursor, element)?),
            (b"migrate-webspaces", SelectedObjects::Webspaces(list)) => list.push(webspaces(cursor, element)?),
            (b"migrate-reseller", _) => {
                *selected = SelectedObjects::ResellersInSingular(resellers(cursor, element)?);
            }
            (b"migrate-customer", _) => {
                *selected = SelectedObjects::CustomersInSingular(customers(cursor, element)?);
            }
            _ => return Err(Stop),
        }
        Ok(())
    })
}

fn resellers<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<MigrateResellers<'a>> {
    let mut resellers = MigrateResellers::default();
    cursor.children(element, |cursor, element| {
        resellers.reseller.push(reseller(cursor, element)?);
        Ok(())
    })?;
    Ok(resellers)
}

fn customers<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<MigrateCustomers<'a>> {
    let mut customers = MigrateCustomers::default();
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"target-owner" => customers.target_owner = cursor.text(element)?,
            b"customer" => customers.customer.push(customer(cursor, element)?),
            _ => return Err(Stop),
        }
        Ok(())
    })?;
    Ok(customers)
}

fn webspaces<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<MigrateWebspaces<'a>> {
    let mut webspaces = MigrateWebspaces::default();
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"target-owner" => webspaces.target_owner = cursor.text(element)?,
            b"webspace" => webspaces.webspace.push(webspace(cursor, element)?),
            _ => return Err(Stop),
        }
        Ok(())
    })?;
    Ok(webspaces)
}

fn reseller<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<Reseller<'a>> {
    let mut reseller = Reseller::default();
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"name" => reseller.name = cursor.text(element)?,
            b"ip" => reseller.ip.push(mapped_ip(cursor, element)?),
            b"customer" => reseller.customer.push(customer(cursor, element)?),
            b"webspace" => reseller.webspace.push(webspace(cursor, element)?),
            _ => return Err(Stop),
        }
        Ok(())
    })?;
    Ok(reseller)
}

fn customer<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<Customer<'a>> {
    let mut customer = Customer::default();
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"name" => customer.name = cursor.text(element)?,
            b"ip" => customer.ip.push(mapped_ip(cursor, element)?),
            b"webspace" => customer.webspace.push(webspace(cursor, element)?),
            _ => return Err(Stop),
        }
        Ok(())
    })?;
    Ok(customer)
}

fn webspace<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<Webspace<'a>> {
    let mut webspace = Webspace::default();
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"name" => webspace.name = cursor.text(element)?,
            b"ip" => webspace.ip = Some(mapped_ip(cursor, element)?),
            b"db-server" => webspace.db_server.push(mapped_db_server(cursor, element)?),
            _ => return Err(Stop),
        }
        Ok(())
    })?;
    Ok(webspace)
}

fn mapped_ip<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<MappedIp<'a>> {
    let mut mapped = MappedIp { old: Ip::shared(""), new: Ip::shared("") };
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"old" => mapped.old = ip(cursor, element)?,
            b"new" => mapped.new = ip(cursor, element)?,
            _ => return Err(Stop),
        }
        Ok(())
    })?;
    Ok(mapped)
}

fn ip<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<Ip<'a>> {
    let mut ip = Ip::shared("");
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"ip-type" => ip.ip_type = ip_type(&cursor.text(element)?)?,
            b"ip-address" => ip.ip_address = cursor.text(element)?,
            _ => return Err(Stop),
        }
        Ok(())
    })?;
    Ok(ip)
}

fn ip_type(text: &str) -> Result<IpType> {
    match text {
        "shared" => Ok(IpType::Shared),
        "exclusive" => Ok(IpType::Exclusive),
        _ => Err(Stop),
    }
}

fn mapped_db_server<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<MappedDbServer<'a>> {
    let mut mapped = MappedDbServer { old: DbServer::new("", "", ""), new: DbServer::new("", "", "") };
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"old" => mapped.old = db_server(cursor, element)?,
            b"new" => mapped.new = db_server(cursor, element)?,
            _ => return Err(Stop),
        }
        Ok(())
    })?;
    Ok(mapped)
}

fn db_server<'a>(cursor: &mut Cursor<'_, 'a>, element: &Note) -> Result<DbServer<'a>> {
    let mut server = DbServer::new("", "", "");
    cursor.children(element, |cursor, element| {
        match cursor.name(element) {
            b"host" => server.host = cursor.text(element)?,
            b"port" => server.port = cursor.text(element)?,
            b"type" => server.kind = cursor.text(element)?,
            _ => return Err(Stop),
        }
        Ok(())
    })?;
    Ok(server)
}
