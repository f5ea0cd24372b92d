use super::*;

/// Asserts that no `Q` is shown and every `Y` is.
fn hides_q_alone(documents: &[&str]) {
    for document in documents {
        let concealed = find(document.as_bytes(), &SecretNames::of_credentials(), &[]);
        let mask = |(at, byte): (usize, u8)| if concealed.holds(at) { b'*' } else { byte };
        let shown: Vec<u8> = document.bytes().enumerate().map(mask).collect();
        let shown = String::from_utf8_lossy(&shown);
        assert!(!shown.contains('Q'), "{document}: {shown}");
        assert_eq!(shown.matches('Y').count(), document.matches('Y').count(), "{document}: {shown}");
    }
}

#[test]
fn commands_are_masked() {
    hides_q_alone(&[
        "curl -v -u Q:Q https://h/Y",
        "$ curl -vuQ:Q https://h/Y",
        "curl -su 'Q:Q Q' Y",
        "curl -U Q:Q -u \"Q\\\"Q\" Y",
        "curl -u$'Q' -u '' -Y",
        "curl -u 'Q\n Y",
        "curl -b 'a=Q; b=Q' -b Y.jar --cookie a=Q --cookie-jar Y",
        "curl --user Q:Q --use Q:Q --user=Q:Q --user-agent Y --proxy-user Q --oauth2-bearer Q Y",
        "curl --cert Y.pem:Q -E Y:Q -E Y Y",
        "curl -HX-Auth-Token:Q -HKEY:Q -H KEY:Q -H KEY: Q -v Y",
        "curl -H 'KEY:Q' -H KEY: Basic Q https://h/Y -HY:Y",
        "curl --header KEY:Q --header=KEY:Q --header \"KEY: Q\" -H 'Y: Y'",
        "curl \\\n  -u Q:Q \\\n  -H 'KEY:Q' \\\n  Y",
        "  -u Q:Q \\\n  --request Y\n",
        "wget --user=Q --http-passwd Q --password=Q",
        "wget --http-passwd Q Y",
        "[\"curl\", \"-u\", \"Q:Q\", \"Y\"]",
        "['curl', '-H', 'KEY: Q', 'Y']",
        "tool --access-key-secret Q --Y Y",
        "curl -H Authorization:Bearer\\ Q Y",
        "user = \"Q:Q\"\nuser: Y\nuser-agent = \"Y\"",
        "machine Y login Q password Q\nmachine Y",
        "sort -u Y; a -b Y=Y <Y>- Y -u Y</Y>",
        "  -UY\n -U Y\n",
    ]);
}

#[test]
fn notes_of_curl_are_masked() {
    hides_q_alone(&[
        "* Added cookie SID=\"Q\" for domain Y\n* Replaced cookie SID=\"Q\" for Y\n* Added cookie SID=Q for Y",
        "* Server auth using Basic with user 'Q'\n* Proxy auth using NTLM with user 'Q'\n",
        "100 31  100 31  --:--:-- * Server auth using Basic with user 'Q'\n",
        "* h2h3 [x-auth-token: Q]\n* [HTTP/2] [1] [authorization: Basic Q]\n* [HTTP/2] [1] [key: Q]\n* [HTTP/2] [1] [Y: Y]\n",
        "* Server auth using Digest with user 'Q'Q'\n* Y",
        "a form with user 'Y' and a baked cookie Y",
    ]);
}

#[test]
fn users_without_a_scheme_are_masked() {
    hides_q_alone(&[
        "//Q:Q@Y/Y",
        "Q:Q@Y",
        "Q:Q/Q@Y",
        "Q:Q@Q@Y Q:Q@192.168.0.1 Q:Q@[::1]:8443",
        "pkg:Y/Y@9.0.14?type=Y Y:Y@Y_Y Y:Y:Y@Y:Y",
        "<a id='Y:Y@Y@YY'/><a LineRef=\"Y:Y_Y@YY\"/>",
        "curl -xQ:Q@Y:8080 --proxy=Q:Q@Y Y",
        "GET //Q:Q@Y/ Y",
        "/Y?to=https%3A%2F%2Fx%3Ax%40Y%2Fy",
        "Q%3Ax%40Y",
        "<host>Q:Q@Y</host>",
        "mailto:Y@Y Y@Y Email:Y@Y {email:Y@Y}",
        "<xs:selector xpath=\"Y:Y/@Y | Y:Y[@Y='Y']\"/> 12:Y @Y",
        "GET /Y:Y@Y Y",
    ]);
}

#[test]
fn signs_in_passwords_do_not_end_them() {
    hides_q_alone(&[
        "<a x=\"Q:Q<Q@Y\" y='Y'/>",
        "<a x='Q:Q\"Q@Y' y='Y'/>",
        "<a x='Q:Q>Q@Y' y='Y'/>",
        "Q:Q>Q@Y and Y",
        "<a x=\"Q:Q'Q@Y and Y\"/>",
        "<a>Q:Q>Q@Y</a><b>Y</b>",
        "<a>Q:Q<Q@Y</a><b>Y</b>",
        "<a x='http://Q:Q\"Q@Y' y='Y'/>",
        "<a x=\"http://Q:Q>Q@Y/\" y='Y'/>",
        "<a>http://Q:Q<Q@Y</a><b>Y</b>",
        "<a>http://Q:Q\"<Q@Y</a><b>Y</b>",
        "{\"x\":\"Q:Q\\\"Q@Y\",\"y\":\"Y\"}",
        "{\"x\":\"http://Q:Q\\\"Q@Y\",\"y\":\"Y\"}",
        "GET http://Q:Q\"Q@Y/ HTTP/1.1\nY: Y\n",
        "<p:Y>Y@Y</p:Y> <p:Y>Y@Y and Y</p:Y> <p:Y/>Y@Y",
        "<a x:Y=\"Y@Y\"/> <a x:Y='Y@Y and Y'/>",
        "{\"Y:Y\":\"Y@Y\"} [\"Y:Y\",\"Y@Y\"] [\"Y:Y\",\"Y@Y and Y\"]",
        "{\"Y\":\"see http://Y\",\"Y\":\"Y@Y\"} {\"Y\":\"see http://Y:Y\",\"Y\":\"Y@Y\"}",
        "<a Y=\"http://Y\">Y@Y</a> <a Y='http://Y:8'>Y@Y</a> <a>http://Y</a><b c='d'>Y@Y</b>",
        "Y <http://Y> Y@Y",
    ]);
}

#[test]
fn fields_with_foreign_bytes_in_their_names_are_masked() {
    hides_q_alone(&["> X-Auth\0-Token: Q\n> Y: Y\n"]);
    for name in [
        "X-Au\0th-Token",
        "X-Au<th-Token",
        "X\u{2011}Auth\u{2011}Token",
        "X Auth Token",
        "X-Auth -Token",
        "X-Auth-\u{200b}Token",
        "\u{feff}X-Auth-Token",
        "Pass word",
        "Author\u{ad}ization",
        "Set\u{2011}Cookie",
        "\u{ff38}\u{ff0d}\u{ff21}uth\u{ff0d}Token",
        "K\u{200b}EY",
        "\"X-Auth-Token",
    ] {
        for prefix in ["", "> ", "Y: Y\n", "GET / HTTP/1.1\r\n"] {
            for (separator, end) in [(": ", "\ny: Y"), (":", "\ny: Y"), ("：", "\ny: Y"), (" : ", "\r\ny: Y")] {
                let document = format!("{prefix}{name}{separator}Zq Zq{end}");
                let concealed = find(document.as_bytes(), &SecretNames::of_credentials(), &[]);
                let secret = document.find("Zq").expect("it is there");
                let hidden = (secret..secret + 5).filter(|at| concealed.holds(*at)).count();
                assert_eq!(hidden, 5, "{document:?}");
                assert!(!concealed.holds(document.len() - 1), "{document:?}");
            }
        }
    }
    hides_q_alone(&[
        "{\"X\u{2011}Auth\u{2011}Token\": \"Q\", \"pass word\": \"Q\", \"Y\": \"Y\"}",
        "{\"password\"：\"Q\", \"Y\": \"Y\"}",
    ]);
}

#[test]
fn tables_and_encoded_queries_are_masked() {
    hides_q_alone(&[
        "| Name | Y |\n| Authorization | Q Q |\n| Y | Y |\n",
        "| 3 | `Authorization` | Q |\n",
        "|Authorization|Q|\n|Y|Y|\n",
        "| **KEY** | Q |\n| Key | Y |\n",
        "Authorization | Q\ny | Y\n",
        "Authorization\tx Q\ny\ty\n",
        "Authorization    Q\ny    Y\n",
        "<tr><td>Authorization</td>\n<td>Q</td></tr><tr><td>Y</td><td>Y</td></tr>",
        "<th><code>Authorization</code></th><td>Q</td><td>Y</td>",
        "<pair><name>Signature</name><value>Q</value></pair><Y>Y</Y>",
        "| Header `Authorization` | Q |\n| Y |",
        "<td>Authorization:</td><td>Q</td><td>Y</td>",
        "<b>Authorization:</b> Q <b>Y</b>",
        "Authorization Q\nAuthorization -> Q\nAuthorization,Q\nthe Authorization field Y\nAuthorization is a field: Y",
        "setHeader(\"Authorization\", \"Q\", \"Y\")\n['Authorization'] = 'Q'\n\"Authorization\" => \"Q\", \"Y\" => \"Y\"",
        "{\"required\": [\"password\", \"Y\"], \"field\": \"Authorization\", \"Y\": \"Y\"}",
        "send: b'GET / HTTP/1.1\\r\\nX-Auth-Token: Q\\r\\n'\nY",
        "0049: KEY: Q\n0050: Y: Y",
        "KEY%3A Q Y",
        "%7B%22password%22%3A%22Q%22%7D Y",
        "%3Cpassword%3EQ%3C%2Fpassword%3E Y",
        "<a>{&quot;password&quot;: &quot;Q&quot;}</a><b>Y</b>",
        "get(u, cookies={'a': 'Q'}, y='Y')",
        "set(\"Authorization\", \"Basic \" + \"Q\" + 'Q'); Y",
        "export TOKEN=Q\nY",
        "<header name='X-Auth-Token' value='Q'>Q</header><header name='Y'>Y</header>",
        "<AccessKeySecret>Q</AccessKeySecret><Signature Id='Signature'>Y</Signature>",
        "<xs:pattern value='login|password|Y'/>",
        "/v3/tasks/1%3FSignature%3Dx%26Y%3Dy",
        "/Y%3fa%3Db%26AccessKeyId%3dx Y",
        "/Y%253FSignature%253Dx%2526Y",
        "https://h/?u=%2Fy%3FSignature%3Dx&Y=Y",
        "X-Subject-Token: Q\ny: Y\n".replace('X', "A").as_str(),
        "{\"access_token\": \"Q\", \"refresh_token\": \"Q\", \"client_secret\": \"Q\", \"Y\": 1}",
    ]);
}

#[test]
fn hostile_texts_take_linear_time() {
    for piece in [
        "curl -u \"",
        " -u '",
        "\"-HKEY: ",
        " --user ",
        "a:b@c ",
        "%3A%40",
        "* Q with user ",
        "| a ",
        "a\t",
        "%3D",
        "：",
        "Q  ",
        "http -a ",
        " -a",
        "auth=(",
        "login('",
        "CURLOPT_USERPWD,",
        "/password/",
        "https://a/",
        "f('password', \"",
        "&lt;",
        "&lt;password a=&quot;",
        "\\\"password\\\": [",
        "\\\\\\\"",
        "[\"password\", ",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN ",
        "form-data; name=password",
        "form-data; name=password\n",
        "form-data; name=a; ",
        "form-data; name=a\n",
    ] {
        let document = piece.repeat(20_000);
        find(document.as_bytes(), &SecretNames::of_credentials(), &[]);
    }
}

#[test]
fn commands_of_httpie_are_masked() {
    hides_q_alone(&[
        "http -a Q:Q https://h/Y",
        "$ http -v --auth Q:Q POST h/Y",
        "xh -aQ:Q Y",
        "http -va Q:Q Y",
        "https -A bearer -a Q h/Y",
        "http \\\n  --verbose \\\n  -a Q:Q Y\n-a Y",
        "['http', '-a', 'Q:Q', 'Y']",
        "ls -a Y\ncurl -a Y",
        "<p>ls -a Y</p>",
    ]);
}

#[test]
fn credentials_in_scripts_are_masked() {
    hides_q_alone(&[
        "requests.get(u, auth=(\"Q\", \"Q\"), y=\"Y\")",
        "requests.get(u, auth = ('Q', 'Q\\'Q'), y='Y')",
        "requests.get(u, auth=HTTPBasicAuth('Q', 'Q'), y='Y')",
        "BASIC_AUTH = ('Q',\n  'Q')\ny = 'Y'",
        "s.auth = ('Q', 'Q'); y('Y')",
        "req.SetBasicAuth(\"Q\", \"Q\"); f(\"Y\")",
        "new NetworkCredential(\"Q\", \"Q\", y); f(\"Y\")",
        "new UsernamePasswordCredentials(\"Q\", \"Q\"); f(\"Y\")",
        "<?php\n$c->setCredentials('Q', 'Q');\n$y = 'Y';",
        "<?php\n$c->setSecretKey('Q');\n$y = 'Y';",
        "<?php\ncurl_setopt($ch, CURLOPT_USERPWD, \"Q:Q\"); $y = 'Y';",
        "<?php\ncurl_setopt($ch, CURLOPT_USERPWD, 'Q' . ':' . 'Q'); $y = 'Y';",
        "<?php\ncurl_setopt_array($ch, [CURLOPT_PROXYUSERPWD => 'Q:Q', CURLOPT_URL => 'Y']);",
        "curl_easy_setopt(curl, CURLOPT_COOKIEJAR, \"Y\"); curl_easy_setopt(curl, CURLOPT_USERAGENT, \"Y\");",
        "<?php\n$c = ['auth' => ['Q', 'Q'], 'y' => 'Y'];",
        "<?php\n$c = array('auth' => array('Q', 'Q'), 'y' => 'Y');",
        "<?php\ndefine('DB_PASSWORD', 'Q'); define('Y', 'Y');",
        "<?php\nmysqli_connect('Q', 'Q', 'Q'); f('Y');",
        "<?php\nftp_login($c, 'Q', 'Q'); f('Y');",
        "author('Y'); authorOf(\"Y\"); tokenize('Y'); x = ('Y', 'Y'); {\"author\": [\"Y\"], \"scopes\": [\"Y\"]}",
    ]);
}

#[test]
fn passwords_in_paths_are_masked() {
    hides_q_alone(&[
        "GET /Y/password/Q/Y HTTP/1.1\nY: Y\n",
        "https://h/Y/passwd/Q?y=Y",
        "<a>https://h/Y/password/Q</a><b>Y</b>",
        "<a href='https://h/Y/password/Q'>Y</a>",
        "{\"url\": \"https:\\/\\/h\\/password\\/Q\", \"y\": \"Y\"}",
        "PUT /token/Q\nPOST /password/reset Y\nPOST /passport/Y\nGET /compass/Y /pass/Y",
        "<xs:selector xpath='.//password/Y'/>",
    ]);
}

#[test]
fn members_called_pass_are_masked() {
    hides_q_alone(&[
        "<a><pass>Q</pass><b>Y</b></a>",
        "<a><p:Pass>Q</p:Pass><result>pass Y</result></a>",
        "{\"pass\": \"Q\", \"y\": \"Y\"}",
        "{\"user_pass\": \"Q\", \"dbPass\": \"Q\", \"y\": \"Y\"}",
        "<a pass='Q' b='Y'/>",
        "user=Y&pass=Q&y=Y",
        "<a passport='Y' compass='Y' bypass='Y'><passport>Y</passport>pass: fail</a>",
        "{\"passport\": \"Y\", \"compass\": \"Y\", \"result\": \"pass Y\", \"first_pass\": \"Y\", \"passed\": \"Y\"}",
        "{\"pass\": 12, \"fail\": 3, \"passphrase\": \"Q\", \"paraphrase\": \"Y\"}",
    ]);
    let names = |text: &str| find(text.as_bytes(), &SecretNames::of_credentials(), &[]).ranges().is_empty();
    assert!(names("{\"pass\": 12, \"fail\": 3}") && names("{\"pass\": true}") && !names("{\"pass\": \"12\"}"));
}

#[test]
fn users_before_an_escaped_sign_are_masked() {
    hides_q_alone(&[
        "<a>https://Q:Q&#64;h</a><b>Y</b>",
        "<a>https://Q:Q&#x40;h</a><b>Y</b>",
        "{\"u\": \"https://Q:Q\\u0040h\", \"y\": \"Y\"}",
        "<a>https://h/?a=Y&amp;b=Y&#64;h</a><b>Y</b>",
    ]);
}

#[test]
fn strings_in_strings_are_masked() {
    hides_q_alone(&[
        r#"{"Y": "password=\"Q Q\" Y"}"#,
        r#"{"Y": "password: \"Q Q\"", "Y": 1}"#,
        r#"{"Y": "{\"passwd\":\"Q\",\"Y\":1}"}"#,
        r#"{"Y": "{\\\"password\\\":\\\"Q\\\",\\\"Y\\\":1}"}"#,
        r#"{"Y": "\u003cpassword\u003eQ\u003c/password\u003e\u003cY/\u003e"}"#,
        r#"{"Y": "<prop password=\"Q\" Y=\"Y\"/>", "Y":}"#,
        r#"{"Y": "password=\"Q"#,
        "GET /agent.php?KEY=Q&Y=Y HTTP/1.1\n",
        "<a href='https://h/agent.php?Y=Y&amp;KEY=Q'/>",
        "a.KEY=Y",
    ]);
}

#[test]
fn documents_in_texts_are_masked() {
    hides_q_alone(&[
        r#"{"Y": "<param name=\"password\" value=\"Q\"/>", "Y":}"#,
        r#"{"Y": "<param\n name=\"password\">Q<\/param><Y/>", "Y":}"#,
        r#"{"Y: "<param name=\"password\" value=\"Q\"/>", "Y": 1}"#,
        r#"{"Y": "\u003cparam name=\u0022password\u0022 value=\u0022Q\u0022/\u003e", "Y":}"#,
        r#"{"Y": "{\"Y\": \"<param name=\\\"password\\\" value=\\\"Q\\\"/>\"}"}"#,
        r#"{"Y": "[\"X-Auth-Token\",\"Q\"]"}"#,
        r#"{"Y": "POST / HTTP/1.1\r\nKEY: Q\r\nY: Y\r\n"}"#,
        r#"{"Y": "&lt;password&gt;Q&lt;/password&gt;", "Y": "Y"}"#,
        r#"<Y>{"Y": "{\"password\": \"Q\", \"Y\": 1}"}</Y>"#,
        "<Y>&lt;param name=&quot;password&quot; value=&quot;Q&quot;/&gt;&lt;Y/&gt;</Y>",
        "<Y>&lt;param name=\"password\" value=\"Q\"/></Y>",
        "<Y>&lt;Y&gt;Y&lt;/Y&gt;&lt;password&gt;Q&lt;/password&gt;Q</Y><Y>Y</Y>",
        "<Y>&lt;password a='Q'&gt;Q</Y><Y>Y</Y>",
        "<Y>&#60;password&#x3E;Q&#60;/password&#62;</Y><Y>Y</Y>",
        "<Y>&amp;lt;password&amp;gt;Q&amp;lt;/password&amp;gt;</Y><Y>Y</Y>",
        "<Y Y='&lt;password>Q' Y='Y'>Y</Y>",
        "<Y Y=\"&lt;password>Q&lt;/password>\" Y='Y'>Y</Y>",
        "<Y>Y &quot;Y&quot; &#34;Y: Y&#34; &lt;Y name=&quot;Y&quot; value=&quot;Y&quot;/&gt;</Y>",
        r"<Y>\u003cpassword\u003eQ\u003c/password\u003e</Y>",
        r"<Y Y='Y'>\x3Cpassword\x3EQ\x3C/password\x3E</Y>",
        r"<Y>C:\Y\x86\Y \u0041 Y</Y>",
        r#"{"Y": "Y \"Y\" \\ \n Y:Y \u00e9\", "Y": "C:\\new\\Y"}"#,
    ]);
}

#[test]
fn values_next_to_their_names_are_masked() {
    hides_q_alone(&[
        "<Y><input type='password' value='Q'/><Y Y='Y'/></Y>",
        "<Y><input value='Q' type=\"password\"/><Y type='text' value='Y'/></Y>",
        "<Y><param x:name='password' value='Q'/><add Key='Password' Value='Q'/><add Key='Y' Value='Y'/></Y>",
        "<Y><x:type>password</x:type><x:value>Q</x:value><x:type>Y</x:type><x:value>Y</x:value></Y>",
        "<Tag><Key>password</Key><Value>Q</Value></Tag><Tag><Key>Y</Key><Value>Y</Value></Tag>",
        r#"[{"type": "password", "value": "Q"}, {"type": "Y", "value": "Y"}"#,
        "<Y><param paramName='password' paramValue='Q'/><param paramName='Y' paramValue='Y'/></Y>",
        "<Y><param param-value='Q' param-name='password'/><Y userName='token' Y='Y'/></Y>",
        "<Y><p:paramName>password</p:paramName> <p:paramValue>Q</p:paramValue><Y>Y</Y><fieldName>token</fieldName><Y>Y</Y></Y>",
        r#"[{"paramName": "password", "paramValue": "Q"}, {"param_value": "Q", "param_name": "token"}, {"fieldName": "token", "Y": "Y"}]"#,
        r#"[{"Key": "password", "Value": "Q"}, {"id": "password", "text": "Q"}, {"id": "Y"}"#,
    ]);
}

#[test]
fn pairs_in_arrays_are_masked() {
    hides_q_alone(&[
        r#"["password","Q""#,
        r#"["password", "Q"]"#,
        r#"[["password", "Q"], ["login", "Y"]]"#,
        r#"[["login", "Y"], ["password", "Q", 1, {"a": "Q"}], ["Y", "Y"]]"#,
        r#"["X-Auth-Token","Q"]"#,
        "[('login', 'Y'), ('password', 'Q'), ('Y', 'Y')]",
        "[[ 'password' , 'Q' ]]",
        r#"{"required": ["password", "Y"], "Y": ["password", "Y", "Y"]}"#,
        r#"{"Y": [["password", "Q"], ["Y", "Y"]]}"#,
        r#"["Y", "password", "Y"]"#,
        r#"["password", null, "Q"]"#,
        r#"[["password", 1, {"a": "Q"}], ["Y", null, "Y"]]"#,
        "[\n  \"password\",\n  \"Q\"\n]",
        r#"["token", "Q"]"#,
    ]);
}

#[test]
fn private_keys_are_masked() {
    hides_q_alone(&[
        "-----BEGIN PRIVATE KEY-----\nQQ\nQ=\n-----END PRIVATE KEY-----\nY",
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Q: 4,Q\n\nQQ\n-----END RSA PRIVATE KEY-----\nY",
        "<Y>-----BEGIN OPENSSH PRIVATE KEY-----\nQQ\nQ</Y><Y>Y</Y>",
        r#"{"Y": "-----BEGIN EC PRIVATE KEY-----\nQ\nQ\n-----END EC PRIVATE KEY-----\n", "Y": "Y"}"#,
        r#"{"Y": "-----BEGIN ENCRYPTED PRIVATE KEY-----\nQ\nQ", "Y": "Y"}"#,
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nQ",
        "-----BEGIN PUBLIC KEY-----\nY\n-----END PUBLIC KEY-----\n-----BEGIN Y",
    ]);
}

#[test]
fn parts_of_forms_are_masked() {
    hides_q_alone(&[
        "POST / HTTP/1.1\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nQ Q\r\nQ\r\n--b\r\nContent-Disposition: \
         form-data; name=\"Y\"\r\n\r\nY\r\n--b--\r\n",
        "--b\nContent-Disposition: form-data; name=api_key; filename=\"Y\"\nContent-Type: text/plain\n\nQ\n--b--\nY",
        "--b\nContent-Disposition: form-data; name='token'\nQ\n--b--\nY",
        "--b\nContent-Disposition: form-data; name=\"password\"\n\nQ",
        r#"{"text": "--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nQ\r\n--b--", "Y": "Y"}"#,
    ]);
}

#[test]
fn members_without_quotes_are_masked() {
    hides_q_alone(&[r#"{"Y":"Y",password:Q}"#, r#"{ password : Q , Y:Y}"#, "<a b=\"Y:Y,password:Y\"/>"]);
}

#[test]
fn text_after_the_host_of_a_url_is_not_a_user() {
    hides_q_alone(&[
        "GET http://Y:8080/Y?mail=Y@Y.Y Y",
        "GET http://Y:8080/Y/Y@Y.Y Y",
        "//Y/Y@Y.Y //Y:80#Y@Y //Q:Q/Q@Y //Q:Q@Y/Y@Y",
    ]);
}

#[test]
fn elements_named_like_parameters_are_masked() {
    hides_q_alone(&[
        "<a><KEY>Q</KEY><key>Y</key><Key>Y</Key></a>",
        "<a><Cookie>Q</Cookie><accessToken>Q</accessToken><security_token>Q</security_token><token>Q</token></a>",
        "<a KEY='Q' key='Y' userPwd='Q'><rootpwd>Q</rootpwd><ds:Signature>Y</ds:Signature></a>",
        r#"{"KEY": "Q", "key": "Y", "user_pwd": "Q", "secret": "Q", "jwt": "Q", "secrets": "Y"}"#,
        "<a><secret>Q</secret><secretary>Y</secretary></a>",
    ]);
}
