//! Requests made from named values.

use super::{ProgressReport, ReportProgress, ShowTask, SubTaskName};
use crate::Error;
use crate::json::{Double, Int, Long, Member, Names, Text};
use crate::operation::{Draft, Parameter, ParameterForm, Template, TemplateError, Values};

/// The request for the details of a task.
pub(crate) const SHOW_TASK: &[Template] = &[Template {
    name: "show-task",
    description: "Ask for the details of a task: a request without a body",
    details: "",
    has_body: false,
    examples: &[
        "ef3b9722-07a0-40ae-89b0-889ee96dfc56 \\\n    --endpoint https://sms.example.com --token-file token.txt",
        "ef3b9722-07a0-40ae-89b0-889ee96dfc56 \\\n    --endpoint https://sms.example.com --token-file token.txt --form curl | sh",
    ],
    parameters: &[&[Parameter::text("task", "ID", "The task").required().operand(), TOKEN]],
    make: |values, endpoint| {
        let request = ShowTask::new(values.text("task"))?;
        let request = match values.get("token") {
            Some(token) => request.with_token(token)?,
            None => request,
        };
        Draft::new(Vec::new(), endpoint, |endpoint| Ok(request.to_http(endpoint)?))
    },
}];

/// The progress report of a task.
pub(crate) const REPORT_PROGRESS: &[Template] = &[Template {
    name: "progress",
    description: "Report the progress of a step of a task, as JSON",
    details: "",
    has_body: true,
    examples: &["--step MIGRATE_LINUX_FILE --progress 10 \\\n    --replicated 1000 --total 10000 --remain 90"],
    parameters: &[&[
        Parameter::text("step", "NAME", "The step").of(ParameterForm::Choice(SubTaskName::NAMES)).required(),
        Parameter::text("progress", "0..100", "Its progress in percent").of(ParameterForm::whole::<i32>()).required(),
        Parameter::text("replicated", "BYTES", "Bytes that are migrated").of(ParameterForm::whole::<i64>()).required(),
        Parameter::text("total", "BYTES", "Bytes to migrate").of(ParameterForm::whole::<i64>()).required(),
        Parameter::text("trace", "TEXT", "A description of what is being done"),
        Parameter::text("remain", "SECONDS", "Seconds that remain").of(ParameterForm::whole::<i64>()),
        Parameter::text("migrate-speed", "MBIT/S", "The current speed").of(ParameterForm::number()),
        Parameter::text("compress-rate", "NUMBER", "The current file compression rate").of(ParameterForm::number()),
        Parameter::text("total-cpu-usage", "0..100", "The CPU usage of the server, in percent")
            .of(ParameterForm::number()),
        Parameter::text("agent-cpu-usage", "0..100", "The CPU usage of the agent, in percent")
            .of(ParameterForm::number()),
        Parameter::text("total-mem-usage", "MB", "Memory in use on the server").of(ParameterForm::number()),
        Parameter::text("agent-mem-usage", "MB", "Memory in use by the agent").of(ParameterForm::number()),
        Parameter::text("total-disk-io", "MBIT/S", "The disk I/O of the server").of(ParameterForm::number()),
        Parameter::text("agent-disk-io", "MBIT/S", "The disk I/O of the agent").of(ParameterForm::number()),
        Parameter::text("need-migration-test", "WHETHER", "Whether a migration drill is enabled")
            .of(ParameterForm::Choice(&["true", "false"])),
        Parameter::text("agent-time", "TIME", "The current time of the agent, such as 2025-07-07T15:30:00"),
        Parameter::flag("pretty", "Put each member on its own line, indented"),
        Parameter::text("task", "ID", "The task").in_message(),
        TOKEN.in_message(),
    ]],
    make: progress,
}];

const TOKEN: Parameter =
    Parameter::text("token", "FILE", "The token of the user").of(ParameterForm::Credential("X-Auth-Token"));

fn progress(values: &Values, endpoint: Option<&str>) -> Result<Draft, TemplateError> {
    let mut report = ProgressReport::new(
        SubTaskName::from_name(values.text("step")).ok_or_else(|| TemplateError::of("step")("expected a step"))?,
        Int::new(values.parsed("progress")?).map_err(TemplateError::of("progress"))?,
        long(values, "replicated")?,
        long(values, "total")?,
        Text::new(values.text("trace")).map_err(TemplateError::of("trace"))?,
    );
    if values.has("remain") {
        report.remain_time = Member::Value(long(values, "remain")?);
    }
    report.migrate_speed = double(values, "migrate-speed")?;
    report.compress_rate = double(values, "compress-rate")?;
    report.total_cpu_usage = double(values, "total-cpu-usage")?;
    report.agent_cpu_usage = double(values, "agent-cpu-usage")?;
    report.total_mem_usage = double(values, "total-mem-usage")?;
    report.agent_mem_usage = double(values, "agent-mem-usage")?;
    report.total_disk_io = double(values, "total-disk-io")?;
    report.agent_disk_io = double(values, "agent-disk-io")?;
    if values.has("need-migration-test") {
        report.need_migration_test = Member::Value(values.parsed("need-migration-test")?);
    }
    if let Some(time) = values.get("agent-time") {
        report.agent_time = Member::Value(Text::new(time).map_err(TemplateError::of("agent-time"))?);
    }
    let mut body = report.encode()?;
    if values.has("pretty") {
        body = serde_json::to_vec_pretty(&report).map_err(Error::mismatch)?;
    }
    Draft::new(body.clone(), endpoint, |endpoint| {
        let request = ReportProgress::new(values.text("task"), values.text("token"), report)?;
        let mut http = request.to_http(endpoint)?;
        *http.body_mut() = body;
        Ok(http)
    })
}

fn long<const MIN: i64, const MAX: i64>(values: &Values, name: &'static str) -> Result<Long<MIN, MAX>, TemplateError> {
    Long::new(values.parsed(name)?).map_err(TemplateError::of(name))
}

fn double<const MIN: i64, const MAX: i64>(
    values: &Values,
    name: &'static str,
) -> Result<Member<Double<MIN, MAX>>, TemplateError> {
    if !values.has(name) {
        return Ok(Member::Absent);
    }
    Ok(Member::Value(Double::new(values.parsed(name)?).map_err(TemplateError::of(name))?))
}
