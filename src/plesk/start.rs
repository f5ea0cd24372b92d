//! `start`: the source, the destination, and what to migrate.

use std::borrow::Cow;
use std::fmt;

use super::{
    ContentTransport, Customer, DbServer, DbServerType, Ip, IpType, MappedDbServer, MappedIp, MigrateCustomers,
    MigrateResellers, MigrateWebspaces, Objects, Only, Reseller, SelectedObjects, Start, SystemType, Webspace,
};
use crate::codec::Any;
use crate::{Error, Limits, json};

/// The server to migrate from, and an administrator of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Source<'a> {
    /// The host name or the IP address.
    pub host: &'a str,
    /// The login name of the administrator.
    pub login: &'a str,
    /// The administrator's password. `Debug` masks it.
    pub password: &'a str,
}

impl fmt::Debug for Source<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Source { host, login, password: _ } = self;
        formatter.debug_struct("Source").field("host", host).field("login", login).finish_non_exhaustive()
    }
}

impl<'a> Start<'a> {
    /// A migration of objects from a server. Dumps are stored in the default place.
    ///
    /// ```
    /// use packetcheck::plesk::{ContentTransport, Customer, Ip, MappedIp, Request, SelectedObjects, Source, Start, SystemType};
    ///
    /// let address = MappedIp { old: Ip::shared("192.0.2.1"), new: Ip::shared("198.51.100.7") };
    /// let objects = SelectedObjects::customers("admin", [Customer::new("jimmy").with_ip(address)]);
    /// let source = Source { host: "source.example.com", login: "admin", password: "secret" };
    /// let start = Start::new(source, objects).with_system_type(SystemType::Unix).only_mail();
    /// assert_eq!(start.content_transport(), ContentTransport::Archive);
    /// assert!(!format!("{source:?} {start:?}").contains("secret"));
    ///
    /// let packet = Request::start(start).encode()?;
    /// assert!(Request::decode(&packet).is_ok());
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    pub fn new(source: Source<'a>, selected_objects: SelectedObjects<'a>) -> Start<'a> {
        Start {
            host: source.host.into(),
            login: source.login.into(),
            password: source.password.into(),
            destination_host_directory: "".into(),
            system_type: None,
            content_transport: None,
            only: None,
            selected_objects,
        }
    }

    /// Stores dumps in this directory of the destination server.
    pub fn with_directory(self, directory: impl Into<Cow<'a, str>>) -> Start<'a> {
        Start { destination_host_directory: directory.into(), ..self }
    }

    /// Names the operating system of the source server, as Plesk for Windows requires.
    pub fn with_system_type(self, system_type: SystemType) -> Start<'a> {
        Start { system_type: Some(system_type), ..self }
    }

    /// Specifies how content is transferred from one server to the other, on Linux.
    pub fn with_content_transport(self, transport: ContentTransport) -> Start<'a> {
        Start { content_transport: Some(transport), ..self }
    }

    /// How content is transferred from one server to the other, on Linux: the specified way, or the documented default.
    pub fn content_transport(&self) -> ContentTransport {
        self.content_transport.unwrap_or(ContentTransport::Archive)
    }

    /// Migrates web hosting without mail.
    pub fn only_hosting(self) -> Start<'a> {
        Start { only: Some(Only::OnlyHosting(Any::default())), ..self }
    }

    /// Migrates mail without web hosting.
    pub fn only_mail(self) -> Start<'a> {
        Start { only: Some(Only::OnlyMail(Any::default())), ..self }
    }
}

impl<'a> SelectedObjects<'a> {
    /// Selects these resellers.
    pub fn resellers(resellers: impl IntoIterator<Item = Reseller<'a>>) -> SelectedObjects<'a> {
        Objects::Resellers(MigrateResellers { reseller: resellers.into_iter().collect() }).into()
    }

    /// Selects these customers, and assigns them to a new owner: a login name on the destination server, `admin` for
    /// the administrator.
    pub fn customers(
        target_owner: impl Into<Cow<'a, str>>,
        customers: impl IntoIterator<Item = Customer<'a>>,
    ) -> SelectedObjects<'a> {
        let customer = customers.into_iter().collect();
        Objects::Customers(MigrateCustomers { target_owner: target_owner.into(), customer }).into()
    }

    /// Selects these subscriptions, and assigns them to a new owner: a login name on the destination server, `admin`
    /// for the administrator. For several owners, construct an [`Objects::Webspaces`].
    pub fn webspaces(
        target_owner: impl Into<Cow<'a, str>>,
        webspaces: impl IntoIterator<Item = Webspace<'a>>,
    ) -> SelectedObjects<'a> {
        let webspace = webspaces.into_iter().collect();
        Objects::Webspaces(vec![MigrateWebspaces { target_owner: target_owner.into(), webspace }]).into()
    }

    /// Reads what to migrate from JSON, as serde writes it: the member `selected-objects` of a request.
    ///
    /// ```
    /// use packetcheck::plesk::{Reseller, SelectedObjects};
    ///
    /// let objects = SelectedObjects::decode_json(br#"{"migrate-resellers":{"reseller":[{"name":"ada"}]}}"#)?;
    /// assert_eq!(objects, SelectedObjects::resellers([Reseller::new("ada")]));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Each invalid value and unknown member, with its place: see [`Error::report`].
    pub fn decode_json(bytes: &'a [u8]) -> Result<SelectedObjects<'a>, Error> {
        SelectedObjects::decode_json_limited(bytes, &Limits::default())
    }

    /// As [`decode_json`](Self::decode_json), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`SelectedObjects::decode_json`].
    pub fn decode_json_limited(bytes: &'a [u8], limits: &Limits) -> Result<SelectedObjects<'a>, Error> {
        json::from_slice(bytes, limits)
    }
}

impl<'a> From<Objects<'a>> for SelectedObjects<'a> {
    fn from(objects: Objects<'a>) -> Self {
        SelectedObjects { objects }
    }
}

impl<'a> Reseller<'a> {
    /// A reseller by login name, without any of its customers and subscriptions.
    pub fn new(name: impl Into<Cow<'a, str>>) -> Reseller<'a> {
        Reseller { name: name.into(), ip: Vec::new(), customer: Vec::new(), webspace: Vec::new() }
    }

    /// Adds an address to replace.
    pub fn with_ip(mut self, ip: MappedIp<'a>) -> Reseller<'a> {
        self.ip.push(ip);
        self
    }

    /// Adds a customer.
    pub fn with_customer(mut self, customer: Customer<'a>) -> Reseller<'a> {
        self.customer.push(customer);
        self
    }

    /// Adds a subscription.
    pub fn with_webspace(mut self, webspace: Webspace<'a>) -> Reseller<'a> {
        self.webspace.push(webspace);
        self
    }
}

impl<'a> Customer<'a> {
    /// A customer by login name, without any subscription.
    pub fn new(name: impl Into<Cow<'a, str>>) -> Customer<'a> {
        Customer { name: name.into(), ip: Vec::new(), webspace: Vec::new() }
    }

    /// Adds an address to replace.
    pub fn with_ip(mut self, ip: MappedIp<'a>) -> Customer<'a> {
        self.ip.push(ip);
        self
    }

    /// Adds a subscription.
    pub fn with_webspace(mut self, webspace: Webspace<'a>) -> Customer<'a> {
        self.webspace.push(webspace);
        self
    }
}

impl<'a> Webspace<'a> {
    /// A subscription by name.
    pub fn new(name: impl Into<Cow<'a, str>>) -> Webspace<'a> {
        Webspace { name: name.into(), ip: None, db_server: Vec::new() }
    }

    /// Sets the address to replace.
    pub fn with_ip(self, ip: MappedIp<'a>) -> Webspace<'a> {
        Webspace { ip: Some(ip), ..self }
    }

    /// Adds a database server to replace.
    pub fn with_db_server(mut self, db_server: MappedDbServer<'a>) -> Webspace<'a> {
        self.db_server.push(db_server);
        self
    }
}

impl<'a> Ip<'a> {
    /// A shared address.
    pub fn shared(address: impl Into<Cow<'a, str>>) -> Ip<'a> {
        Ip { ip_type: IpType::Shared, ip_address: address.into() }
    }

    /// An exclusive address.
    pub fn exclusive(address: impl Into<Cow<'a, str>>) -> Ip<'a> {
        Ip { ip_type: IpType::Exclusive, ip_address: address.into() }
    }
}

impl<'a> DbServer<'a> {
    /// A database server on a host, without a port.
    pub fn new(kind: DbServerType, host: impl Into<Cow<'a, str>>) -> DbServer<'a> {
        DbServer { host: host.into(), port: "".into(), kind }
    }

    /// Sets the port; for Microsoft SQL Server, `0` for the default server, empty for another.
    pub fn with_port(self, port: impl Into<Cow<'a, str>>) -> DbServer<'a> {
        DbServer { port: port.into(), ..self }
    }
}
