"""Microsoft 365: `api.operation` is the audit record's Operation.

The mapper's message names the parameters that are set (those set to False are left out, and so a
rule can not see them) and the values of those that decide.
"""

from enrichment.sensitive_rule import Rule

ACTIVITIES = "https://learn.microsoft.com/en-us/purview/audit-log-activities"
EXCHANGE = "https://learn.microsoft.com/en-us/powershell/module/exchange"

RULES = (
    Rule(
        id="m365.second_factor_off",
        title="A person's second factor was turned off",
        severity="high",
        operations=(
            "Disable Strong Authentication.",
            "Disable Strong Authentication",
            "Update user.",
            "Update user",
        ),
        where="""api.operation LIKE 'Disable%'
            OR contains(message, 'StrongAuthenticationMethod=[]')""",
        technique="T1556.006",
        reference=ACTIVITIES,
        fires=(
            {"api.operation": "Disable Strong Authentication.", "status_id": 1},
            {
                "api.operation": "Update user.",
                "message": "Update user.: StrongAuthenticationMethod=[]",
            },
        ),
        spares=({"api.operation": "Update user.", "message": "Update user.: Department"},),
    ),
    Rule(
        id="m365.admin_granted",
        title="A directory role was granted",
        severity="high",
        operations=("Add member to role.", "Add member to role"),
        technique="T1098.003",
        reference=ACTIVITIES,
        fires=({"api.operation": "Add member to role.", "status_id": 1},),
        spares=({"api.operation": "Remove member from role.", "status_id": 1},),
    ),
    Rule(
        id="m365.inbox_rule_forwards",
        title="An inbox rule forwards or redirects mail",
        severity="high",
        operations=("New-InboxRule", "Set-InboxRule"),
        where="regexp_matches(message, '[:,] (ForwardTo|ForwardAsAttachmentTo|RedirectTo)=')",
        technique="T1114.003",
        reference=f"{EXCHANGE}/new-inboxrule",
        fires=(
            {"api.operation": "New-InboxRule", "message": "New-InboxRule: , ForwardTo=a@b.net"},
        ),
        spares=({"api.operation": "New-InboxRule", "message": "New-InboxRule: Name, MarkAsRead"},),
    ),
    Rule(
        id="m365.inbox_rule_made",
        title="An inbox rule was made that neither forwards nor deletes",
        severity="low",
        operations=("New-InboxRule",),
        where="NOT regexp_matches(message, '[:,] (Forward|Redirect|DeleteMessage=True)')",
        technique="T1137.005",
        reference=f"{EXCHANGE}/new-inboxrule",
        fires=({"api.operation": "New-InboxRule", "message": "New-InboxRule: MoveToFolder"},),
        spares=({"api.operation": "Remove-InboxRule", "message": "Remove-InboxRule: Name"},),
    ),
    Rule(
        id="m365.inbox_rule_hides",
        title="An inbox rule deletes mail before it is read",
        severity="medium",
        operations=("New-InboxRule", "Set-InboxRule"),
        where="regexp_matches(message, '[:,] DeleteMessage=True')",
        technique="T1564.008",
        reference=f"{EXCHANGE}/new-inboxrule",
        fires=(
            {"api.operation": "New-InboxRule", "message": "New-InboxRule: , DeleteMessage=True"},
        ),
        spares=({"api.operation": "New-InboxRule", "message": "New-InboxRule: MoveToFolder"},),
    ),
    Rule(
        id="m365.mailbox_forwards",
        title="A whole mailbox forwards its mail",
        severity="high",
        operations=("Set-Mailbox",),
        where="regexp_matches(message, '[:,] Forwarding(Smtp)?Address=')",
        technique="T1114.003",
        reference=f"{EXCHANGE}/set-mailbox",
        fires=(
            {
                "api.operation": "Set-Mailbox",
                "message": "Set-Mailbox: Identity, ForwardingSmtpAddress=smtp:ada@example.net",
            },
        ),
        spares=({"api.operation": "Set-Mailbox", "message": "Set-Mailbox: Identity, Type"},),
    ),
    Rule(
        id="m365.transport_rule_copies",
        title="A mail flow rule copies or redirects the organisation's mail",
        severity="high",
        operations=("New-TransportRule", "Set-TransportRule"),
        where="regexp_matches(message, '[:,] (BlindCopyTo|CopyTo|RedirectMessageTo)(=|,|$)')",
        technique="T1114.003",
        reference=f"{EXCHANGE}/new-transportrule",
        fires=(
            {"api.operation": "New-TransportRule", "message": "New-TransportRule: BlindCopyTo"},
        ),
        spares=(
            {
                "api.operation": "New-TransportRule",
                "message": "New-TransportRule: Name, PrependSubject",
            },
        ),
    ),
    Rule(
        id="m365.mailbox_opened_to_another",
        title="Somebody was given the whole of another's mailbox",
        severity="medium",
        operations=("Add-MailboxPermission",),
        where="regexp_matches(message, '[:,] AccessRights=[^,]*FullAccess')",
        technique="T1098.002",
        reference=f"{EXCHANGE}/add-mailboxpermission",
        fires=(
            {
                "api.operation": "Add-MailboxPermission",
                "message": "Add-MailboxPermission: Identity, User=ada@example.com, "
                "AccessRights=FullAccess",
            },
        ),
        spares=(
            {
                "api.operation": "Add-MailboxPermission",
                "message": "Add-MailboxPermission: Identity, User=ada@example.com, "
                "AccessRights=ReadPermission",
            },
        ),
    ),
    Rule(
        id="m365.audit_changed",
        title="The audit log's settings were changed, and not to turn it on",
        severity="high",
        operations=("Set-AdminAuditLogConfig",),
        where="NOT contains(coalesce(message, ''), 'UnifiedAuditLogIngestionEnabled=True')",
        technique="T1562.008",
        reference=f"{EXCHANGE}/set-adminauditlogconfig",
        fires=(
            {"api.operation": "Set-AdminAuditLogConfig", "message": "Set-AdminAuditLogConfig"},
            {"api.operation": "Set-AdminAuditLogConfig"},
        ),
        spares=(
            {
                "api.operation": "Set-AdminAuditLogConfig",
                "message": "Set-AdminAuditLogConfig: UnifiedAuditLogIngestionEnabled=True",
            },
        ),
    ),
    Rule(
        id="m365.audit_bypassed",
        title="What an account does in mailboxes is no longer logged",
        severity="critical",
        operations=("Set-MailboxAuditBypassAssociation",),
        where="contains(message, 'AuditBypassEnabled')",
        technique="T1562.008",
        reference=f"{EXCHANGE}/set-mailboxauditbypassassociation",
        fires=(
            {
                "api.operation": "Set-MailboxAuditBypassAssociation",
                "message": "Set-MailboxAuditBypassAssociation: Identity, AuditBypassEnabled",
            },
        ),
        spares=(
            {
                "api.operation": "Set-MailboxAuditBypassAssociation",
                "message": "Set-MailboxAuditBypassAssociation: Identity",
            },
        ),
    ),
    Rule(
        id="m365.mail_protection_removed",
        title="A rule against phishing, malware or unsafe links was switched off or removed",
        severity="high",
        operations=(
            "Disable-AntiPhishRule",
            "Remove-AntiPhishRule",
            "Disable-MalwareFilterRule",
            "Remove-MalwareFilterRule",
            "Disable-SafeAttachmentRule",
            "Remove-SafeAttachmentRule",
            "Disable-SafeLinksRule",
            "Remove-SafeLinksRule",
        ),
        technique="T1562.001",
        reference=f"{EXCHANGE}/disable-safelinksrule",
        fires=({"api.operation": "Disable-SafeLinksRule", "status_id": 1},),
        spares=({"api.operation": "Enable-SafeLinksRule", "status_id": 1},),
    ),
    Rule(
        id="m365.content_exported",
        title="The result of a search through everybody's content was exported",
        severity="critical",
        operations=("SearchExported", "SearchExportDownloaded", "New-ComplianceSearchAction"),
        technique="T1213",
        reference=ACTIVITIES,
        fires=({"api.operation": "SearchExportDownloaded", "status_id": 1},),
        spares=({"api.operation": "SearchViewed", "status_id": 1},),
    ),
    Rule(
        id="m365.anonymous_link",
        title="A link was made that opens a file to everybody who has it",
        severity="medium",
        operations=("AnonymousLinkCreated",),
        technique="T1567.002",
        reference=ACTIVITIES,
        fires=({"api.operation": "AnonymousLinkCreated", "file.name": "plan.docx"},),
        spares=({"api.operation": "CompanyLinkCreated", "file.name": "plan.docx"},),
    ),
    Rule(
        id="m365.application_consent",
        title="An application was let act for people",
        severity="medium",
        operations=(
            "Consent to application.",
            "Consent to application",
            "Add delegated permission grant.",
            "Add app role assignment to service principal.",
        ),
        technique="T1528",
        reference=ACTIVITIES,
        fires=({"api.operation": "Consent to application.", "status_id": 1},),
        spares=({"api.operation": "Remove delegated permission grant.", "status_id": 1},),
    ),
    Rule(
        id="m365.federation_changed",
        title="A domain's sign-in was given to another identity provider",
        severity="critical",
        operations=(
            "Set federation settings on domain.",
            "Set domain authentication.",
            "Set federation settings on domain",
            "Set domain authentication",
        ),
        technique="T1484.002",
        reference=ACTIVITIES,
        fires=({"api.operation": "Set domain authentication.", "status_id": 1},),
        spares=({"api.operation": "Verify domain.", "status_id": 1},),
    ),
)
