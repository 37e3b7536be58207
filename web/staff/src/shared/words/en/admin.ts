export default {
  accounts: {
    new: "New account", name: "Name", email: "E-mail", firstPassword: "Password for once", state: "State", open: "Open", locked: "Locked",
    lock: "Lock", unlock: "Unlock", roles: "Roles", role: "Role", last: "Last log-in", grant: "Grant a role", revoke: "End", until: "Until (may be empty)",
    sureLock: "Lock the account of {name}?", sureRevoke: "End the role “{role}” of {name}?",
  },
  role: {
    district_planner: "District planner", command_operator: "Command operator", street_officer: "Street officer", community_worker: "Community worker",
    grid_worker: "Grid worker", department_officer: "Department officer", service_operator: "Service operator", council_member: "Resident council member",
    system_administrator: "System administrator", security_administrator: "Security administrator", auditor: "Auditor",
  },
  audit: {
    at: "When", name: "Who", action: "Act", target: "On what", allowed: "Result", yes: "allowed", denied: "denied", address: "Address", detail: "Detail", since: "Since",
  },
  tokens: {
    about: "For programs that act for you, with the rights that you choose.", once: "The token is shown this once; keep it safe:", name: "What for",
    rights: "Rights", expires: "Expires", used: "Last used", revoke: "Take back", none: "There is no token yet", new: "New token", days: "Days", make: "Make",
    sure: "Take the token “{name}” back? Programs that use it lose their access.",
  },
  right: {
    place_read: "See places", place_write: "Change places", facility_read: "See facilities", facility_write: "Change facilities", card_read: "See cards",
    assessment_run: "Ask for assessments", assessment_publish: "Publish cards", resident_read: "See residents, masked", resident_reveal: "Reveal residents",
    resident_write: "Register residents", account_read: "See accounts", account_write: "Manage accounts", role_grant: "Grant roles", audit_read: "Read the audit",
    district_load: "Load a district", layer_write: "Bring layers", project_read: "Read projects", project_write: "Write projects",
    project_approve: "Approve and accept projects",
  },
  residents: {
    about: "Names and telephone numbers are masked. To reveal a person takes a purpose, and is written into the audit.", new: "Register a resident",
    name: "Name", phone: "Telephone", born: "Born in", decade: "the {decade}s", birthYear: "Year of birth", groups: "Groups", consent: "Consent",
    purpose: "Purpose", given: "Given on", keepUntil: "Kept until", reveal: "Reveal", revealTitle: "Reveal {name}",
    revealAbout: "Choose a purpose. This is written into the audit.", erase: "Forget", sureErase: "Forget the personal data of {name}? This cannot be undone.",
  },
  purpose: { service: "Service", elder_care: "Elder care", emergency: "Emergency", survey: "Survey", statistics: "Statistics" },
  group: {
    elder_60: "60 and over", elder_75: "75 and over", elder_living_alone: "Elders living alone", infant_0_2: "Infants 0–2", child_0_14: "Children 0–14",
    child_3_5: "Children 3–5", child_6_11: "Pupils 6–11", child_12_14: "Pupils 12–14", adult_15_59: "Adults 15–59", riders: "Riders", residents: "Residents",
    households: "Households", child_and_youth: "Children and youths",
  },
};
