//! The codes of errors in what surrounds a packet: what documentation states of requests and answers.
//!
//! `PC14xx`, in the order of a message: method, URL, path, fields, body, status. The example is a message that has this
//! one error.

/// Hands the entries, after what is in the braces, to the macro that makes the table.
macro_rules! with_operation_codes {
    ($table:ident! { $($others:tt)* }) => { $table! {
    $($others)*

    // ---- PC14xx: requests and answers ----

    "PC1401" UnexpectedMethod: "method that the operation does not have"
    "The documentation gives the method of each operation. Another one is refused by the server, or is another operation."
    source "Huawei Cloud SMS API reference, URI; DataWorks, RPC style; Plesk XML API, \"A Sample Packet\""
    example "POST /v3/tasks/1 HTTP/1.1\nHost: sms.example.com\nX-Auth-Token: ***\n\n"
    remedy "use the method that is expected"

    "PC1402" UnexpectedPath: "path that is not that of the operation"
    "The documentation gives the path of each operation. For DataWorks, whose operation is a parameter, another path than `/` \
     is a warning."
    source "Huawei Cloud SMS API reference, URI; DataWorks, RPC style; Plesk XML API, \"A Sample Packet\""
    example "GET /v3/task/1 HTTP/1.1\nHost: sms.example.com\nX-Auth-Token: ***\n\n"
    remedy "write the path that is expected"

    "PC1403" UnexpectedScheme: "scheme other than `http` and `https`"
    "These services are called over HTTP, and over nothing else."
    source "RFC 9110, section 4.2; DataWorks, \"GetMigrationProcess\""
    example "ftp://dataworks.example.com/?Action=GetMigrationProcess&ProjectId=1&MigrationId=2\n"
    remedy "write `https://`"

    "PC1404" MalformedHost: "host that is missing or malformed"
    "A URL with a scheme names a host: a domain name or an IP address, and a port from 0 to 65535 where it is another than \
     the usual one. A request whose target is a path names it in the field `Host`."
    source "RFC 3986, section 3.2; RFC 9112, section 3.2"
    example "https:///?Action=GetMigrationProcess&ProjectId=1&MigrationId=2\n"
    remedy "write the endpoint of the service"

    "PC1405" UserInUrl: "user in a URL"
    "What is before `@` in a URL is a login and a password. These services do not ask for one there, most clients do not send \
     it, and a URL is logged and shown in many places. It is not shown here."
    source "RFC 9110, section 4.2.4"
    example "https://user@dataworks.example.com/?Action=GetMigrationProcess&ProjectId=1&MigrationId=2\n"
    remedy "remove what is before the host, and the `@`"

    "PC1406" PathParameter: "path parameter outside its limits"
    "The documentation gives the length of a parameter in the path. Escapes in it are `%` and two hexadecimal digits, and \
     stand for UTF-8. `.` and `..` are no parameters: clients and servers remove them from a path. Where a later edition of \
     the page has narrower limits, it is a warning."
    source "Huawei Cloud SMS API reference, path parameters; RFC 3986, sections 2.1 and 3.3"
    example "GET /v3/tasks/ HTTP/1.1\nHost: sms.example.com\nX-Auth-Token: ***\n\n"
    remedy "write an identifier as the service gave it, percent-encoded"

    "PC1407" UnexpectedQuery: "query where none is documented"
    "The operation has its parameters in the path, in the head and in the body. What is in the query is ignored at best."
    source "Huawei Cloud SMS API reference, URI; Plesk XML API, \"A Sample Packet\""
    example "GET /v3/tasks/1?verbose=1 HTTP/1.1\nHost: sms.example.com\nX-Auth-Token: ***\n\n"
    remedy "remove the `?` and what follows it"

    "PC1408" MissingHeaderParameter: "field that the operation requires, and that is missing"
    "The documentation calls this field of the head mandatory. Where its pages differ, or where a request is printed without \
     any field, as documentation does, it is a warning."
    source "Huawei Cloud SMS API reference, request header parameters; Plesk XML API, \"Packet Structure\""
    example "GET /v3/tasks/1 HTTP/1.1\nHost: sms.example.com\n\n"
    remedy "add the field"

    "PC1409" HeaderParameter: "field outside its limits"
    "The documentation gives the length of this field of the head: for `X-Auth-Token` 1 to 16384 characters. Its value is \
     not shown."
    source "Huawei Cloud SMS API reference, request header parameters"
    example "GET /v3/tasks/1 HTTP/1.1\nHost: sms.example.com\nX-Auth-Token:\n\n"
    remedy "write the value as the service gave it"

    "PC1410" Credentials: "credentials that contradict each other"
    "A request to Plesk has either a login and its password (`HTTP_AUTH_LOGIN` and `HTTP_AUTH_PASSWD`) or a secret key \
     (`KEY`)."
    source "Plesk XML API, \"Packet Structure\""
    example "POST /enterprise/control/agent.php HTTP/1.1\nHost: plesk.example.com:8443\nHTTP_AUTH_LOGIN: admin\nKEY: ***\nContent-Type: text/xml\nContent-Length: 52\n\n<packet><migration><check/></migration></packet>\n\n\n\n"
    remedy "send a login with its password, or a secret key"

    "PC1411" UnexpectedContentType: "content type that is not that of the body"
    "`Content-Type` says what the body is. Where the documentation requires one it is an error to send another, or none; an \
     answer whose body is nevertheless what it should be gets a warning."
    source "Plesk XML API, \"A Sample Packet\"; DataWorks, \"GetMigrationProcess\"; RFC 9110, section 8.3"
    example "HTTP/1.1 200 OK\nContent-Type: text/plain\n\n{\"id\": \"1\", \"state\": \"RUNNING\", \"sub_tasks\": []}\n"
    remedy "write the content type that is expected"

    "PC1412" UnexpectedBody: "body where none is documented"
    "The page shows the request, or the answer, without a body. Clients accept one in an answer, and newer ones expect a \
     sentence there."
    source "Huawei Cloud SMS API reference, \"Querying Details About a Migration Task\", \"Reporting Migration Progress and Rate\""
    example "GET /v3/tasks/1 HTTP/1.1\nHost: sms.example.com\nX-Auth-Token: ***\nContent-Length: 3\n\n{}\n"
    remedy "remove the body"

    "PC1413" MissingBody: "message without the body that it should have"
    "The documentation shows the message with a body, and this one has none. An answer without one comes from a proxy, or was \
     cut off."
    source "Huawei Cloud SMS API reference; DataWorks, \"GetMigrationProcess\"; Plesk XML API, \"Packet Structure\""
    example "HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 0\n\n"
    remedy "look at what answered, and capture the message again with its body"

    "PC1414" UnexpectedStatus: "status that the documentation does not have"
    "The page lists one status for success, 200. Errors come with a status from 400 on, and from Plesk with 200 too."
    source "Huawei Cloud SMS API reference, response; DataWorks, \"GetMigrationProcess\"; Plesk XML API"
    example "HTTP/1.1 202 Accepted\nContent-Type: application/json\n\n{\"id\": \"1\", \"state\": \"RUNNING\", \"sub_tasks\": []}\n"
    remedy "look at what answered: it may be another service"

    "PC1415" StatusContradictsBody: "status that contradicts the body"
    "Errors have a status from 400 on, and everything else has 200. Here the status says one thing and the body another. An \
     error with the status 200 is a warning, since clients take it for an empty result."
    source "Huawei Cloud SMS API reference, \"Error Codes\"; DataWorks, response conventions"
    example "HTTP/1.1 200 OK\nContent-Type: application/json\n\n{\"error_code\": \"SMS.0202\", \"error_msg\": \"failed\"}\n"
    remedy "take the body for what it is"

    "PC1416" Redirect: "redirect in place of an answer"
    "The server names another address, and answers nothing. These services do not redirect: a proxy, a login page or a \
     change from `http` to `https` does."
    source "RFC 9110, section 15.4"
    example "HTTP/1.1 302 Found\nLocation: https://login.example.com/\nContent-Length: 0\n\n"
    remedy "check the address, and send the request there where the answer is"

    "PC1417" UnexpectedCharset: "charset that the body is not in"
    "JSON is in UTF-8 whatever `Content-Type` says. The charset that is given for XML counts more than the declaration of \
     the document; it has to be one that is known."
    source "RFC 8259, sections 8.1 and 11; RFC 7303, section 3"
    example "HTTP/1.1 200 OK\nContent-Type: application/json; charset=ISO-8859-1\n\n{\"id\": \"1\", \"state\": \"RUNNING\", \"sub_tasks\": []}\n"
    remedy "write `charset=UTF-8`, or leave the parameter out"
    } };
}
