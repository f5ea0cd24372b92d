//! `start`: from where to where, and what.

use std::borrow::Cow;

use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::codec::{Any, Secret, optional_text};
use crate::{Error, Limits, json};

/// `start`: a migration to begin ("Starting Migration").
///
/// ```
/// use packetcheck::plesk::{Customer, Ip, MappedIp, Request, SelectedObjects, Start, SystemType};
///
/// let address = MappedIp { old: Ip::shared("192.0.2.1"), new: Ip::shared("198.51.100.7") };
/// let objects = SelectedObjects::customers("admin", [Customer::new("jimmy").with_ip(address)]);
/// let start = Start::new("source.example.com", "admin", "secret", "", objects).with_system_type(SystemType::Unix);
/// assert!(!format!("{start:?}").contains("secret"));
///
/// let packet = Request::start(start).encode()?;
/// assert!(Request::decode(&packet).is_ok());
/// # Ok::<(), packetcheck::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Start<'a> {
    /// The host name or the IP address of the source server.
    #[serde(borrow)]
    pub host: Cow<'a, str>,
    /// The login name of an administrator of the source server.
    #[serde(borrow)]
    pub login: Cow<'a, str>,
    /// The password to it. `Debug` and diagnostics mask it.
    #[serde(borrow)]
    pub password: Secret<'a>,
    /// Where on the destination server the content is kept for the time being; empty for the default place.
    #[serde(borrow)]
    pub destination_host_directory: Cow<'a, str>,
    /// The operating system of the source server; required by Plesk for Windows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_type: Option<SystemType>,
    /// How content gets from one server to the other, on Linux: `archive`, the default, or `rsync`.
    #[serde(borrow, default, deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub content_transport: Option<Cow<'a, str>>,
    /// Only a part of what there is.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub only: Option<Only<'a>>,
    /// What to migrate.
    #[serde(borrow)]
    pub selected_objects: SelectedObjects<'a>,
}

/// The family of an operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SystemType {
    /// `unix`
    Unix,
    /// `windows`
    Windows,
}

/// A part of what can be migrated. The elements have no type: whatever stands in them is kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Only<'a> {
    /// Web hosting without mail.
    #[serde(borrow)]
    OnlyHosting(Any<'a>),
    /// Mail without web hosting.
    #[serde(borrow)]
    OnlyMail(Any<'a>),
}

/// What to migrate: objects of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SelectedObjects<'a> {
    /// Reseller accounts (`migrate-resellers`).
    Resellers(MigrateResellers<'a>),
    /// Customer accounts (`migrate-customers`).
    Customers(MigrateCustomers<'a>),
    /// Subscriptions (`migrate-webspaces`), once for each new owner; at least one in a valid packet.
    Webspaces(Vec<MigrateWebspaces<'a>>),
    /// Reseller accounts, spelled `migrate-reseller` as in the text of the documentation: valid with a warning.
    ResellersInSingular(MigrateResellers<'a>),
    /// Customer accounts, spelled `migrate-customer` as in the text of the documentation: valid with a warning.
    CustomersInSingular(MigrateCustomers<'a>),
}

/// Reseller accounts to migrate ("Migrating Reseller Accounts").
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MigrateResellers<'a> {
    /// At least one in a valid packet.
    #[serde(borrow, default)]
    pub reseller: Vec<Reseller<'a>>,
}

/// Customer accounts to migrate ("Migrating Customer Accounts").
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MigrateCustomers<'a> {
    /// The login name of the new owner on the destination server; `admin` for the administrator.
    #[serde(borrow)]
    pub target_owner: Cow<'a, str>,
    /// At least one in a valid packet.
    #[serde(borrow, default)]
    pub customer: Vec<Customer<'a>>,
}

/// Subscriptions to migrate ("Migrating Subscriptions").
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MigrateWebspaces<'a> {
    /// The login name of the new owner on the destination server; `admin` for the administrator.
    #[serde(borrow)]
    pub target_owner: Cow<'a, str>,
    /// At least one in a valid packet.
    #[serde(borrow, default)]
    pub webspace: Vec<Webspace<'a>>,
}

/// A reseller account, and what of it to migrate: customers and subscriptions that are not named stay.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reseller<'a> {
    /// The login name.
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    /// Which address replaces which.
    #[serde(borrow, default, skip_serializing_if = "<[_]>::is_empty")]
    pub ip: Vec<MappedIp<'a>>,
    /// Customers of the reseller.
    #[serde(borrow, default, skip_serializing_if = "<[_]>::is_empty")]
    pub customer: Vec<Customer<'a>>,
    /// Subscriptions of the reseller.
    #[serde(borrow, default, skip_serializing_if = "<[_]>::is_empty")]
    pub webspace: Vec<Webspace<'a>>,
}

/// A customer account, and what of it to migrate: subscriptions that are not named stay.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Customer<'a> {
    /// The login name.
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    /// Which address replaces which.
    #[serde(borrow, default, skip_serializing_if = "<[_]>::is_empty")]
    pub ip: Vec<MappedIp<'a>>,
    /// Subscriptions of the customer.
    #[serde(borrow, default, skip_serializing_if = "<[_]>::is_empty")]
    pub webspace: Vec<Webspace<'a>>,
}

/// A subscription.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Webspace<'a> {
    /// Its name, in Unicode.
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    /// Which address replaces which.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub ip: Option<MappedIp<'a>>,
    /// Which database server replaces which.
    #[serde(borrow, default, skip_serializing_if = "<[_]>::is_empty")]
    pub db_server: Vec<MappedDbServer<'a>>,
}

/// An address and the one that replaces it ("IP Addresses Mapping").
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappedIp<'a> {
    /// On the source server.
    #[serde(borrow)]
    pub old: Ip<'a>,
    /// On the destination server, where it must exist.
    #[serde(borrow)]
    pub new: Ip<'a>,
}

/// An IP address and how it is used.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Ip<'a> {
    /// How it is used.
    pub ip_type: IpType,
    /// The address; the vendor's schema allows only IPv4.
    #[serde(borrow)]
    pub ip_address: Cow<'a, str>,
}

/// How an IP address is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IpType {
    /// `shared`, by many.
    Shared,
    /// `exclusive`, to one.
    Exclusive,
}

/// A database server and the one that replaces it ("Databases Mapping").
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappedDbServer<'a> {
    /// The one that the source server uses.
    #[serde(borrow)]
    pub old: DbServer<'a>,
    /// The one that the destination server uses.
    #[serde(borrow)]
    pub new: DbServer<'a>,
}

/// A database server.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DbServer<'a> {
    /// Its host name or IP address.
    #[serde(borrow)]
    pub host: Cow<'a, str>,
    /// Its port; of Microsoft SQL Server `0` for the default server, empty for another.
    #[serde(borrow)]
    pub port: Cow<'a, str>,
    /// Its kind: `mysql`, `postgresql` or `mssql`; another gives a warning.
    #[serde(borrow, rename = "type")]
    pub kind: Cow<'a, str>,
}

impl<'a> Start<'a> {
    /// A migration from a server (`host`, and a `login` there with its `password`). Dumps are kept in `directory` on
    /// the destination server; empty for the default place.
    ///
    /// ```
    /// use packetcheck::plesk::{Customer, SelectedObjects, Start, SystemType};
    ///
    /// let objects = SelectedObjects::customers("admin", [Customer::new("ada")]);
    /// let start = Start::new("192.0.2.1", "root", "Zq9", "/tmp", objects).with_system_type(SystemType::Unix).only_mail();
    /// assert_eq!(start.content_transport(), "archive");
    /// ```
    pub fn new(
        host: impl Into<Cow<'a, str>>,
        login: impl Into<Cow<'a, str>>,
        password: impl Into<Secret<'a>>,
        directory: impl Into<Cow<'a, str>>,
        selected_objects: SelectedObjects<'a>,
    ) -> Start<'a> {
        Start {
            host: host.into(),
            login: login.into(),
            password: password.into(),
            destination_host_directory: directory.into(),
            system_type: None,
            content_transport: None,
            only: None,
            selected_objects,
        }
    }

    /// Names the operating system of the source server, as Plesk for Windows requires.
    pub fn with_system_type(self, system_type: SystemType) -> Start<'a> {
        Start { system_type: Some(system_type), ..self }
    }

    /// Says how content gets from one server to the other: `archive` or `rsync`.
    pub fn with_content_transport(self, transport: impl Into<Cow<'a, str>>) -> Start<'a> {
        Start { content_transport: Some(transport.into()), ..self }
    }

    /// How content gets from one server to the other, on Linux: what was said of it, or the documented default, `archive`.
    pub fn content_transport(&self) -> &str {
        self.content_transport.as_deref().unwrap_or("archive")
    }

    /// Migrates web hosting without mail.
    pub fn only_hosting(self) -> Start<'a> {
        Start { only: Some(Only::OnlyHosting(Any::default())), ..self }
    }

    /// Migrates mail without web hosting.
    pub fn only_mail(self) -> Start<'a> {
        Start { only: Some(Only::OnlyMail(Any::default())), ..self }
    }

    pub(super) fn into_owned(self) -> Start<'static> {
        Start {
            host: owned(self.host),
            login: owned(self.login),
            password: self.password.into_owned(),
            destination_host_directory: owned(self.destination_host_directory),
            system_type: self.system_type,
            content_transport: self.content_transport.map(owned),
            only: self.only.map(|only| match only {
                Only::OnlyHosting(content) => Only::OnlyHosting(content.into_owned()),
                Only::OnlyMail(content) => Only::OnlyMail(content.into_owned()),
            }),
            selected_objects: self.selected_objects.into_owned(),
        }
    }
}

impl<'a> SelectedObjects<'a> {
    /// These resellers.
    pub fn resellers(resellers: impl IntoIterator<Item = Reseller<'a>>) -> SelectedObjects<'a> {
        SelectedObjects::Resellers(MigrateResellers { reseller: resellers.into_iter().collect() })
    }

    /// These customers, who get a new owner: a login name on the destination server, `admin` for the administrator.
    pub fn customers(
        target_owner: impl Into<Cow<'a, str>>,
        customers: impl IntoIterator<Item = Customer<'a>>,
    ) -> SelectedObjects<'a> {
        let customer = customers.into_iter().collect();
        SelectedObjects::Customers(MigrateCustomers { target_owner: target_owner.into(), customer })
    }

    /// These subscriptions, which get a new owner: a login name on the destination server, `admin` for the
    /// administrator. For several owners make a [`SelectedObjects::Webspaces`].
    pub fn webspaces(
        target_owner: impl Into<Cow<'a, str>>,
        webspaces: impl IntoIterator<Item = Webspace<'a>>,
    ) -> SelectedObjects<'a> {
        let webspace = webspaces.into_iter().collect();
        SelectedObjects::Webspaces(vec![MigrateWebspaces { target_owner: target_owner.into(), webspace }])
    }

    /// Reads what to migrate from JSON, as `serde` writes it: the member `selected-objects` of a request.
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
    /// Each value and member that it does not have, with its place: see [`Error::report`].
    pub fn decode_json(bytes: &'a [u8]) -> Result<SelectedObjects<'a>, Error> {
        SelectedObjects::decode_json_limited(bytes, &Limits::default())
    }

    /// The same with other limits than the default ones.
    ///
    /// # Errors
    ///
    /// As [`SelectedObjects::decode_json`].
    pub fn decode_json_limited(bytes: &'a [u8], limits: &Limits) -> Result<SelectedObjects<'a>, Error> {
        json::from_slice(bytes, limits)
    }

    /// The same, owning its texts.
    pub fn into_owned(self) -> SelectedObjects<'static> {
        match self {
            SelectedObjects::Resellers(resellers) => SelectedObjects::Resellers(resellers.into_owned()),
            SelectedObjects::Customers(customers) => SelectedObjects::Customers(customers.into_owned()),
            SelectedObjects::Webspaces(list) => SelectedObjects::Webspaces(each(list, |webspaces| MigrateWebspaces {
                target_owner: owned(webspaces.target_owner),
                webspace: each(webspaces.webspace, Webspace::into_owned),
            })),
            SelectedObjects::ResellersInSingular(resellers) => {
                SelectedObjects::ResellersInSingular(resellers.into_owned())
            }
            SelectedObjects::CustomersInSingular(customers) => {
                SelectedObjects::CustomersInSingular(customers.into_owned())
            }
        }
    }
}

impl MigrateResellers<'_> {
    fn into_owned(self) -> MigrateResellers<'static> {
        MigrateResellers { reseller: each(self.reseller, Reseller::into_owned) }
    }
}

impl MigrateCustomers<'_> {
    fn into_owned(self) -> MigrateCustomers<'static> {
        let customer = each(self.customer, Customer::into_owned);
        MigrateCustomers { target_owner: owned(self.target_owner), customer }
    }
}

impl<'a> Reseller<'a> {
    /// A reseller by login name, without any of its customers and subscriptions.
    pub fn new(name: impl Into<Cow<'a, str>>) -> Reseller<'a> {
        Reseller { name: name.into(), ..Reseller::default() }
    }

    /// With one more address to replace.
    pub fn with_ip(mut self, ip: MappedIp<'a>) -> Reseller<'a> {
        self.ip.push(ip);
        self
    }

    /// With one more customer.
    pub fn with_customer(mut self, customer: Customer<'a>) -> Reseller<'a> {
        self.customer.push(customer);
        self
    }

    /// With one more subscription.
    pub fn with_webspace(mut self, webspace: Webspace<'a>) -> Reseller<'a> {
        self.webspace.push(webspace);
        self
    }

    fn into_owned(self) -> Reseller<'static> {
        Reseller {
            name: owned(self.name),
            ip: each(self.ip, MappedIp::into_owned),
            customer: each(self.customer, Customer::into_owned),
            webspace: each(self.webspace, Webspace::into_owned),
        }
    }
}

impl<'a> Customer<'a> {
    /// A customer by login name, without any subscription.
    pub fn new(name: impl Into<Cow<'a, str>>) -> Customer<'a> {
        Customer { name: name.into(), ..Customer::default() }
    }

    /// With one more address to replace.
    pub fn with_ip(mut self, ip: MappedIp<'a>) -> Customer<'a> {
        self.ip.push(ip);
        self
    }

    /// With one more subscription.
    pub fn with_webspace(mut self, webspace: Webspace<'a>) -> Customer<'a> {
        self.webspace.push(webspace);
        self
    }

    fn into_owned(self) -> Customer<'static> {
        Customer {
            name: owned(self.name),
            ip: each(self.ip, MappedIp::into_owned),
            webspace: each(self.webspace, Webspace::into_owned),
        }
    }
}

impl<'a> Webspace<'a> {
    /// A subscription by name.
    pub fn new(name: impl Into<Cow<'a, str>>) -> Webspace<'a> {
        Webspace { name: name.into(), ..Webspace::default() }
    }

    /// With the address to replace.
    pub fn with_ip(mut self, ip: MappedIp<'a>) -> Webspace<'a> {
        self.ip = Some(ip);
        self
    }

    /// With one more database server to replace.
    pub fn with_db_server(mut self, db_server: MappedDbServer<'a>) -> Webspace<'a> {
        self.db_server.push(db_server);
        self
    }

    fn into_owned(self) -> Webspace<'static> {
        Webspace {
            name: owned(self.name),
            ip: self.ip.map(MappedIp::into_owned),
            db_server: each(self.db_server, |MappedDbServer { old, new }| MappedDbServer {
                old: old.into_owned(),
                new: new.into_owned(),
            }),
        }
    }
}

impl MappedIp<'_> {
    fn into_owned(self) -> MappedIp<'static> {
        MappedIp { old: self.old.into_owned(), new: self.new.into_owned() }
    }
}

impl<'a> Ip<'a> {
    /// An address that many share.
    pub fn shared(address: impl Into<Cow<'a, str>>) -> Ip<'a> {
        Ip { ip_type: IpType::Shared, ip_address: address.into() }
    }

    /// An address that one has alone.
    pub fn exclusive(address: impl Into<Cow<'a, str>>) -> Ip<'a> {
        Ip { ip_type: IpType::Exclusive, ip_address: address.into() }
    }

    fn into_owned(self) -> Ip<'static> {
        Ip { ip_type: self.ip_type, ip_address: owned(self.ip_address) }
    }
}

impl<'a> DbServer<'a> {
    /// A database server; `kind` is `mysql`, `postgresql` or `mssql`.
    pub fn new(
        host: impl Into<Cow<'a, str>>,
        port: impl Into<Cow<'a, str>>,
        kind: impl Into<Cow<'a, str>>,
    ) -> DbServer<'a> {
        DbServer { host: host.into(), port: port.into(), kind: kind.into() }
    }

    fn into_owned(self) -> DbServer<'static> {
        DbServer { host: owned(self.host), port: owned(self.port), kind: owned(self.kind) }
    }
}

fn owned(text: Cow<'_, str>) -> Cow<'static, str> {
    text.into_owned().into()
}

fn each<T, U>(items: Vec<T>, change: impl Fn(T) -> U) -> Vec<U> {
    items.into_iter().map(change).collect()
}

/// The branches as elements.
#[derive(serde::Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Branches<'a> {
    #[serde(borrow, default)]
    migrate_resellers: Option<MigrateResellers<'a>>,
    #[serde(borrow, default)]
    migrate_customers: Option<MigrateCustomers<'a>>,
    #[serde(borrow, default)]
    migrate_webspaces: Vec<MigrateWebspaces<'a>>,
    #[serde(borrow, default)]
    migrate_reseller: Option<MigrateResellers<'a>>,
    #[serde(borrow, default)]
    migrate_customer: Option<MigrateCustomers<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for SelectedObjects<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let branches = Branches::deserialize(deserializer)?;
        let webspaces = Some(branches.migrate_webspaces).filter(|list| !list.is_empty());
        let mut found = [
            branches.migrate_resellers.map(SelectedObjects::Resellers),
            branches.migrate_customers.map(SelectedObjects::Customers),
            webspaces.map(SelectedObjects::Webspaces),
            branches.migrate_reseller.map(SelectedObjects::ResellersInSingular),
            branches.migrate_customer.map(SelectedObjects::CustomersInSingular),
        ]
        .into_iter()
        .flatten();
        match (found.next(), found.next()) {
            (Some(objects), None) => Ok(objects),
            (None, _) => Err(de::Error::custom(
                "expected one of `migrate-resellers`, `migrate-customers` and `migrate-webspaces`, found none",
            )),
            (Some(_), Some(_)) => Err(de::Error::custom("expected objects of one kind to migrate, found several")),
        }
    }
}

impl Serialize for SelectedObjects<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut branches = serializer.serialize_struct("selected-objects", 1)?;
        match self {
            SelectedObjects::Resellers(resellers) => branches.serialize_field("migrate-resellers", resellers)?,
            SelectedObjects::Customers(customers) => branches.serialize_field("migrate-customers", customers)?,
            SelectedObjects::Webspaces(list) => branches.serialize_field("migrate-webspaces", list)?,
            SelectedObjects::ResellersInSingular(resellers) => {
                branches.serialize_field("migrate-reseller", resellers)?;
            }
            SelectedObjects::CustomersInSingular(customers) => {
                branches.serialize_field("migrate-customer", customers)?;
            }
        }
        branches.end()
    }
}
