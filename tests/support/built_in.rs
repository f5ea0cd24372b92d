//! The generated code in the library: its schemas, and the options for generating it.

use packetcheck::generate::Generator;

/// A file of generated code.
pub(crate) struct BuiltIn {
    pub(crate) schema: &'static str,
    pub(crate) path: &'static str,
    pub(crate) with: fn(Generator<'_>) -> Generator<'_>,
}

pub(crate) const BUILT_IN: [BuiltIn; 3] = [
    BuiltIn {
        schema: "schemas/plesk/request.xsd",
        path: "src/plesk/generated/request.rs",
        with: |generator| {
            let generator = generator.schema_function("crate::plesk::request_schema").serde();
            let generator = generator.whole_type("OtherOperator").few("Request.operators");
            let generator = generator.non_exhaustive("RequestOperator").non_exhaustive("Operation");
            renamed(generator.non_exhaustive("Objects"), PLESK_REQUESTS)
        },
    },
    BuiltIn {
        schema: "schemas/plesk/response.xsd",
        path: "src/plesk/generated/response.rs",
        with: |generator| {
            let generator = generator.schema_function("crate::plesk::response_schema").serde();
            let generator = generator.whole_type("OtherOperator").exact_type("resultType");
            let generator = generator.few("Response.operators").few("FinishedError.parts");
            let generator = generator.non_exhaustive("ResponseOperator").non_exhaustive("OperationAnswer");
            renamed(generator, PLESK_ANSWERS)
        },
    },
    BuiltIn {
        schema: "schemas/dataworks/get_migration_process.xsd",
        path: "src/dataworks/generated.rs",
        // The error of the gateway may contain anything: it is read by name.
        with: |generator| {
            let generator = generator.schema_function("crate::dataworks::response_schema");
            let generator = generator.root("GetMigrationProcessResponse").few("ProgressTaskItem.items");
            let generator = generator.rename("GetMigrationProcessResponseItem", "AnswerMember");
            generator.rename("ProgressTaskItemItem", "TaskMember")
        },
    },
];

fn renamed<'s>(generator: Generator<'s>, names: &[(&str, &str)]) -> Generator<'s> {
    names.iter().fold(generator, |generator, (name, wanted)| generator.rename(*name, *wanted))
}

/// Parts of a request are named as in the documentation, without the prefix of the vendor's schema.
const PLESK_REQUESTS: &[(&str, &str)] = &[
    ("RequestPacket", "Request"),
    ("Request.items", "operators"),
    ("RequestItem", "RequestOperator"),
    ("RequestOperator.OtherOperator", "Other"),
    ("RequestSetting", "Setting"),
    ("MigrationInput", "MigrationRequest"),
    ("MigrationRequest.items", "operations"),
    ("MigrationRequestItem", "Operation"),
    ("MigrationArguments", "Start"),
    ("Start.choice", "only"),
    ("StartChoice", "Only"),
    ("MigrationSystemType", "SystemType"),
    ("MigrationContentTransport", "ContentTransport"),
    ("MigrationSelectedObjects", "SelectedObjects"),
    ("SelectedObjects.choice", "objects"),
    ("SelectedObjectsChoice", "Objects"),
    ("Objects.MigrateResellers", "Resellers"),
    ("Objects.MigrateCustomers", "Customers"),
    ("Objects.MigrateWebspaces", "Webspaces"),
    ("Objects.MigrateReseller", "ResellersInSingular"),
    ("Objects.MigrateCustomer", "CustomersInSingular"),
    ("MigrationReseller", "Reseller"),
    ("MigrationCustomer", "Customer"),
    ("MigrationWebspace", "Webspace"),
    ("MigrationIp", "Ip"),
    ("MigrationIpType", "IpType"),
    ("MigrationDbServer", "DbServer"),
    ("DbServer.type", "kind"),
    ("MigrationDbServerType", "DbServerType"),
];

/// The same for an answer.
const PLESK_ANSWERS: &[(&str, &str)] = &[
    ("ResponsePacket", "Response"),
    ("Response.items", "operators"),
    ("ResponseItem", "ResponseOperator"),
    ("OtherOperator", "OtherAnswer"),
    ("ResponseOperator.OtherAnswer", "Other"),
    ("ResultType", "Answer"),
    ("ResultStatus", "Status"),
    ("MigrationOutput", "MigrationAnswer"),
    ("MigrationAnswer.items", "operations"),
    ("MigrationAnswerItem", "OperationAnswer"),
    ("MigrationOutputStart", "StartAnswer"),
    ("MigrationOutputStartResultType", "StartResult"),
    ("MigrationOutputFinish", "FinishAnswer"),
    ("MigrationOutputGetFs", "GetFsAnswer"),
    ("MigrationOutputGetFsResultType", "GetFsResult"),
    ("MigrationOutputGetStatus", "GetStatusAnswer"),
    ("MigrationOutputGetStatusResultType", "GetStatusResult"),
    ("MigrationOutputCheck", "CheckAnswer"),
    ("MigrationFs", "Fs"),
    ("Fs.type", "kind"),
    ("MigrationFsMode", "FsMode"),
    ("GetStatusResult.choice", "migration"),
    ("GetStatusResultChoice", "MigrationState"),
    ("MigrationState.MigrationStatus", "InProgress"),
    ("MigrationFinishedType", "Finished"),
    ("MigrationFinishedError", "FinishedError"),
    ("FinishedError.items", "parts"),
    ("FinishedErrorItem", "ErrorPart"),
    ("MigrationFinishedErrorObject", "Object"),
    ("Object.type", "kind"),
];
