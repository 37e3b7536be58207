/** Every call that the faces make, by the hub's own names. */
import { call, file, type Query } from "./api";
import type * as T from "./types";

const part = encodeURIComponent;

export const hub = {
  me: () => call<T.Me>("GET", "/me"),
  changePassword: (old: string, new_: string) =>
    call<void>("POST", "/me/password", { json: { old, new: new_ } }),
  tokens: () => call<T.Token[]>("GET", "/me/tokens"),
  makeToken: (json: { name: string; scopes: string[]; days: number }) =>
    call<T.Token>("POST", "/me/tokens", { json }),
  revokeToken: (id: number) => call<void>("DELETE", `/me/tokens/${id}`),

  places: (query: Query) => call<T.Page<T.Place>>("GET", "/places", { query }),
  place: (code: string) => call<T.PlaceDetail>("GET", `/places/${part(code)}`),
  placeHistory: (code: string) => call<T.PlaceEvent[]>("GET", `/places/${part(code)}/history`),
  addPlace: (json: T.NewPlace) => call<T.Place>("POST", "/places", { json }),
  renamePlace: (code: string, json: { name_zh: string; name_en: string; on: string }) =>
    call<T.Place>("POST", `/places/${part(code)}/rename`, { json }),
  movePlace: (code: string, json: { parent: string; on: string }) =>
    call<T.Place>("POST", `/places/${part(code)}/move`, { json }),
  setBranch: (code: string, json: { party_branch: string; on: string }) =>
    call<T.Place>("PATCH", `/places/${part(code)}`, { json }),
  setTeam: (code: string, json: { members: { username: string; role: string }[]; on: string }) =>
    call<T.PlaceDetail>("PUT", `/places/${part(code)}/team`, { json }),
  shapes: (level: T.AnyLevel) =>
    call<{ features: T.AreaShape[] }>("GET", "/places/shapes", { query: { level } }),

  types: () => call<T.FacilityType[]>("GET", "/types"),
  facilities: (query: Query) => call<T.Page<T.Facility>>("GET", "/facilities", { query }),
  facility: (ref: string) => call<T.Facility>("GET", `/facilities/${part(ref)}`),
  values: (ref: string) => call<T.SaidValue[]>("GET", `/facilities/${part(ref)}/values`),
  enterFacility: (values: Partial<T.FacilityFields> & { ref?: string }, said: T.Said) =>
    call<T.Facility>("POST", "/facilities", { json: { ...values, said } }),
  changeFacility: (ref: string, version: number, values: Partial<T.FacilityFields>, said: T.Said) =>
    call<T.Facility>("PATCH", `/facilities/${part(ref)}`, { json: { version, values, said } }),
  removeFacility: (ref: string, source: string) =>
    call<void>("DELETE", `/facilities/${part(ref)}`, { query: { source } }),
  photos: (ref: string) => call<T.Photo[]>("GET", `/facilities/${part(ref)}/photos`),
  photoAddress: (ref: string, id: number, small: boolean) =>
    `/api/v1/facilities/${part(ref)}/photos/${id}${small ? "?small=true" : ""}`,
  addPhoto: (ref: string, form: FormData) =>
    call<T.Photo>("POST", `/facilities/${part(ref)}/photos`, { form }),
  removePhoto: (ref: string, id: number) =>
    call<void>("DELETE", `/facilities/${part(ref)}/photos/${id}`),
  spaces: (query: Query) => call<T.Page<T.Space>>("GET", "/spaces", { query }),
  space: (ref: string) => call<T.Space>("GET", `/spaces/${part(ref)}`),
  enterSpace: (json: T.SpaceFields) => call<T.Space>("POST", "/spaces", { json }),
  changeSpace: (ref: string, version: number, values: T.SpaceFields) =>
    call<T.Space>("PATCH", `/spaces/${part(ref)}`, { json: { version, values } }),
  removeSpace: (ref: string) => call<void>("DELETE", `/spaces/${part(ref)}`),
  upload: (form: FormData) => call<T.ImportBatch>("POST", "/imports", { form }),
  imported: (id: number) => call<T.ImportBatch>("GET", `/imports/${id}`),
  applyImport: (id: number) => call<T.ImportBatch>("POST", `/imports/${id}/apply`),
  undoImport: (id: number) => call<T.ImportBatch>("POST", `/imports/${id}/undo`),

  runs: (query: Query = {}) => call<T.RunPage>("GET", "/runs", { query }),
  run: (id: string) => call<T.Run>("GET", `/runs/${part(id)}`),
  latestRun: () => call<T.Run>("GET", "/runs/latest"),
  requestRun: (json: { title: string; draws: number; moments: string[] }) =>
    call<T.Run>("POST", "/runs", { json }),
  upkeep: () => call<T.Upkeep>("GET", "/runs/upkeep"),
  setUpkeep: (upkeep_min: number | null) =>
    call<T.Upkeep>("PUT", "/runs/upkeep", { json: { upkeep_min } }),
  cancelRun: (id: string) => call<T.Run>("POST", `/runs/${id}/cancel`),
  cards: (run: string, query: Query) =>
    call<T.Page<T.ShortCard>>("GET", `/runs/${run}/cards`, { query }),
  card: (run: string, place: string, scope: T.Scope, key: string) =>
    call<T.Card>("GET", `/runs/${run}/cards/${part(place)}/${scope}/${part(key)}`),
  matrix: (run: string, scope: T.Scope, level: T.Level) =>
    call<T.Matrix>("GET", `/runs/${run}/matrix`, { query: { scope, level } }),
  classes: (run: string, level: T.Level) =>
    call<T.PlaceClass[]>("GET", `/runs/${run}/classes`, { query: { level } }),
  compare: (before: string, after: string) =>
    call<T.Comparison>("GET", `/runs/${before}/compare/${after}`),
  draft: (run: string, changes: T.Drawn[]) =>
    call<T.DraftAnswer>("POST", `/runs/${run}/draft`, { json: { changes } }),
  publish: (run: string, place: string, keys: string[]) =>
    call<T.Publication>("POST", `/runs/${run}/publish`, { json: { place, keys } }),
  withdraw: (place: string) => call<void>("DELETE", `/publications/${part(place)}`),
  published: (place: string) => call<T.Publication>("GET", `/public/cards/${part(place)}`),

  projects: (query: Query) => call<T.Page<T.Project>>("GET", "/projects", { query }),
  project: (ref: string) => call<T.Project>("GET", `/projects/${part(ref)}`),
  projectSummary: () => call<T.ProjectSummary>("GET", "/projects/summary"),
  enterProject: (json: T.NewProject) => call<T.Project>("POST", "/projects", { json }),
  changeProject: (ref: string, version: number, values: Partial<T.ProjectFields>) =>
    call<T.Project>("PATCH", `/projects/${part(ref)}`, { json: { version, values } }),
  setProjectRows: (ref: string, version: number, what: "budget" | "milestones" | "risks", rows: unknown[]) =>
    call<T.Project>("PUT", `/projects/${part(ref)}/${what}`, { json: { version, [what === "budget" ? "lines" : what]: rows } }),
  moveProject: (ref: string, version: number, to: T.ProjectState, note: string) =>
    call<T.Project>("POST", `/projects/${part(ref)}/move`, { json: { version, to, note } }),
  copyProject: (ref: string, places: string[]) =>
    call<T.Project[]>("POST", `/projects/${part(ref)}/copy`, { json: { places } }),
  acceptProject: (ref: string, version: number, values: Record<string, unknown>, on: string) =>
    call<T.Project>("POST", `/projects/${part(ref)}/accept`, { json: { version, values, on } }),
  projectHistory: (ref: string) => call<T.ProjectEvent[]>("GET", `/projects/${part(ref)}/history`),
  proof: (ref: string) => call<T.Proof>("GET", `/projects/${part(ref)}/proof`),
  proofs: () => call<T.Proof[]>("GET", "/proofs"),
  proposals: () => call<T.Proposal[]>("GET", "/proposals"),
  askProposal: (json: T.ProposalAsked & { place: string; title: string }) =>
    call<T.Proposal>("POST", "/proposals", { json }),
  cancelProposal: (id: number) => call<T.Proposal>("POST", `/proposals/${id}/cancel`),
  projectsOf: (id: number, builds: number[]) =>
    call<T.Project[]>("POST", `/proposals/${id}/projects`, { json: { builds } }),
  annualLists: () => call<T.AnnualList[]>("GET", "/annual-lists"),
  beginList: (json: { place: string; year: number; title: string }) =>
    call<T.AnnualList>("POST", "/annual-lists", { json }),
  setList: (id: number, version: number, projects: string[]) =>
    call<T.AnnualList>("PUT", `/annual-lists/${id}/projects`, { json: { version, projects } }),
  approveList: (id: number, version: number) =>
    call<T.AnnualList>("POST", `/annual-lists/${id}/approve`, { json: { version } }),

  library: () => call<T.Library>("GET", "/surveys/library"),
  surveys: (query: Query = {}) => call<T.Page<T.Survey>>("GET", "/surveys", { query }),
  survey: (id: number) => call<T.WholeSurvey>("GET", `/surveys/${id}`),
  makeSurvey: (json: { place: string; zh: string; en: string; sections: string[]; counts: boolean }) =>
    call<T.Survey>("POST", "/surveys", { json }),
  surveyOfForm: (form: FormData) => call<T.Survey>("POST", "/surveys/xlsform", { form }),
  changeSurvey: (id: number, version: number, values: T.SurveyValues) =>
    call<T.WholeSurvey>("PATCH", `/surveys/${id}`, { json: { version, values } }),
  setQuotas: (id: number, version: number, quotas: T.Quota[]) =>
    call<T.WholeSurvey>("PUT", `/surveys/${id}/quotas`, { json: { version, quotas } }),
  moveSurvey: (id: number, version: number, to: "invite" | "open" | "close") =>
    call<T.WholeSurvey>("POST", `/surveys/${id}/${to}`, { json: { version } }),
  surveyProgress: (id: number) => call<T.Progress[]>("GET", `/surveys/${id}/progress`),
  enterAnswer: (id: number, json: T.Entered) => call<void>("POST", `/surveys/${id}/answers`, { json }),
  surveyResults: (id: number, query: Query) => call<T.SurveyResults>("GET", `/surveys/${id}/results`, { query }),
  resultParts: (id: number, question: string, query: Query) =>
    call<T.PartResult[]>("GET", `/surveys/${id}/results/${part(question)}`, { query }),
  asked: (code: string) => call<T.Asked>("GET", `/public/surveys/${part(code)}`),
  answerSurvey: (code: string, json: T.Filled) => call<void>("POST", `/public/surveys/${part(code)}`, { json }),

  demand: (run: string, query: Query) => call<T.DemandRow[]>("GET", `/runs/${run}/demand`, { query }),
  checklists: () => call<T.Checklist[]>("GET", "/checklists"),
  checked: (place: string, list: string) => call<T.Checked>("GET", `/checks/${part(place)}/${part(list)}`),
  sayChecked: (place: string, list: string, item: string, json: { met: boolean | null; note: string }) =>
    call<T.Checked>("PUT", `/checks/${part(place)}/${part(list)}/${part(item)}`, { json }),
  circles: () => call<T.Circle[]>("GET", "/circles"),
  drawCircles: (circles: { name_zh: string; members: string[] }[]) =>
    call<T.Circle[]>("POST", "/circles", { json: { circles } }),
  redrawCircle: (code: string, members: string[]) =>
    call<T.Circle>("PUT", `/circles/${part(code)}/members`, { json: { members } }),
  moveCircle: (code: string, version: number, to: T.CircleState, note: string, checklist: string) =>
    call<T.Circle>("POST", `/circles/${part(code)}/move`, { json: { version, to, note, checklist } }),
  circleSteps: (code: string) => call<T.CircleStep[]>("GET", `/circles/${part(code)}/steps`),
  dissolveCircle: (code: string) => call<void>("DELETE", `/circles/${part(code)}`),
  divisions: (json: { count: number | null; least: number; most: number; hard: boolean; by: "community" | "grid" }) =>
    call<T.Division[]>("POST", "/circles/divisions", { json }),
  circleTargets: () => call<T.CircleTarget[]>("GET", "/circles/targets"),
  setCircleTargets: (place: string, targets: { on: string; circles: number }[]) =>
    call<T.CircleTarget[]>("PUT", "/circles/targets", { json: { place, targets } }),
  goals: (query: Query = {}) => call<T.Goal[]>("GET", "/goals", { query }),
  setGoal: (json: Partial<T.GoalFields> & { place: string }) => call<T.Goal>("POST", "/goals", { json }),
  reportGoal: (id: number, json: { on: string; value: number; note: string }) =>
    call<T.Goal>("POST", `/goals/${id}/progress`, { json }),
  endGoal: (id: number) => call<T.Goal>("POST", `/goals/${id}/end`),

  cases: (query: Query) => call<T.Page<T.Case>>("GET", "/cases", { query }),
  caseEvaluation: (query: Query) => call<T.CaseEvaluation>("GET", "/cases/evaluation", { query }),
  caseKinds: () => call<T.CaseKind[]>("GET", "/cases/kinds"),
  oneCase: (ref: string) => call<T.CaseWhole>("GET", `/cases/${part(ref)}`),
  caseHistory: (ref: string) => call<T.CaseEvent[]>("GET", `/cases/${part(ref)}/history`),
  caseTold: (ref: string) => call<T.CaseTold[]>("GET", `/cases/${part(ref)}/told`),
  reportCase: (json: T.NewCase) => call<T.Case>("POST", "/cases", { json }),
  moveCase: (ref: string, name: string, json: T.MoveBody) =>
    call<T.Case>("POST", `/cases/${part(ref)}/moves/${name}`, { json }),
  holdCase: (ref: string, json: { version: number; held: boolean; note: string }) =>
    call<T.Case>("PUT", `/cases/${part(ref)}/hold`, { json }),
  pauseCase: (ref: string, json: { version: number; note: string }) =>
    call<T.Case>("POST", `/cases/${part(ref)}/pause`, { json }),
  resumeCase: (ref: string, version: number) => call<T.Case>("POST", `/cases/${part(ref)}/resume`, { json: { version } }),
  rateCase: (ref: string, json: { rating: string; note: string }) =>
    call<T.Case>("POST", `/cases/${part(ref)}/rating`, { json }),
  deskCases: () => call<T.CaseWhole[]>("GET", "/cases/desk"),
  caseSteps: () => call<T.Step[]>("GET", "/cases/moves"),
  casePhotos: (ref: string) => call<T.CasePhoto[]>("GET", `/cases/${part(ref)}/photos`),
  casePhotoAddress: (ref: string, id: number, small: boolean) => `/api/v1/cases/${part(ref)}/photos/${id}${small ? "?small=true" : ""}`,
  addCasePhoto: (ref: string, form: FormData) => call<T.CasePhoto>("POST", `/cases/${part(ref)}/photos`, { form }),
  removeCasePhoto: (ref: string, id: number) => call<void>("DELETE", `/cases/${part(ref)}/photos/${id}`),
  orders: (ref: string) => call<T.Order[]>("GET", `/cases/${part(ref)}/orders`),
  proposeOrder: (ref: string, json: T.OrderBody) => call<T.Order>("POST", `/cases/${part(ref)}/orders`, { json }),
  changeOrder: (ref: string, order: number, json: T.OrderBody & { version: number }) =>
    call<T.Order>("PUT", `/cases/${part(ref)}/orders/${order}`, { json }),
  orderAct: (ref: string, order: number, act: "approve" | "done" | "withdraw", json: Record<string, unknown> & { version: number }) =>
    call<T.Order>("POST", `/cases/${part(ref)}/orders/${order}/${act}`, { json }),
  outsideLinks: (ref: string) => call<{ items: T.OutsideLink[]; channels: T.OutsideChannel[] }>("GET", `/cases/${part(ref)}/outside`),
  handOut: (ref: string, json: T.OutsideBody) => call<T.OutsideMade>("POST", `/cases/${part(ref)}/outside`, { json }),
  endOutside: (ref: string, id: number) => call<T.OutsideLink>("POST", `/cases/${part(ref)}/outside/${id}/end`),
  outsideShown: (token: string) => call<T.OutsideShown>("GET", `/public/outside/${part(token)}`),
  outsideAct: (token: string, act: "accept" | "notes" | "done" | "decline", json: Record<string, string>) =>
    call<T.OutsideShown>("POST", `/public/outside/${part(token)}/${act}`, { json }),
  outsidePhoto: (token: string, form: FormData) => call<{ id: number }>("POST", `/public/outside/${part(token)}/photos`, { form }),
  outsidePhotoAddress: (token: string, id: number, small: boolean) => `/api/v1/public/outside/${part(token)}/photos/${id}${small ? "?small=true" : ""}`,
  patrolLists: () => call<T.PatrolList[]>("GET", "/patrols/checklists"),
  patrolsDue: () => call<T.DuePatrol[]>("GET", "/patrols/due"),
  enterPatrol: (json: T.PatrolBody) => call<T.Patrol>("POST", "/patrols", { json }),
  planPatrol: (json: { place: string; checklist: string; every: T.Often }) => call<T.PatrolPlan>("POST", "/patrols/plans", { json }),
  endPlan: (id: number) => call<T.PatrolPlan>("POST", `/patrols/plans/${id}/end`),
  patrolFigures: () => call<T.PatrolFigures>("GET", "/patrols/figures"),
  caseDoor: (ref: string) => call<T.Door>("POST", `/cases/${part(ref)}/door`),
  devices: (query: Query) => call<T.Page<T.Device>>("GET", "/devices", { query }),
  device: (ref: string) => call<T.Device>("GET", `/devices/${part(ref)}`),
  registerDevice: (json: Partial<T.DeviceFields & T.DeviceHome> & { ref: string }) => call<T.DeviceMade>("POST", "/devices", { json }),
  changeDevice: (ref: string, version: number, values: Partial<T.DeviceFields & T.DeviceHome> & { state?: string }) =>
    call<T.Device>("PATCH", `/devices/${part(ref)}`, { json: { version, values } }),
  consentDevice: (ref: string, json: { version: number; given: boolean; on: string }) =>
    call<T.Device>("PUT", `/devices/${part(ref)}/consent`, { json }),
  deviceOwner: (ref: string) => call<{ door: string; owner: string }>("POST", `/devices/${part(ref)}/owner`),
  renewDevice: (ref: string) => call<T.DeviceMade>("POST", `/devices/${part(ref)}/secret`),
  replaceDevice: (ref: string, json: { version: number; by: string; external_id?: string }) =>
    call<T.DeviceMade>("POST", `/devices/${part(ref)}/replace`, { json }),
  deviceHours: (ref: string, query: Query) => call<T.Hour[]>("GET", `/devices/${part(ref)}/hours`, { query }),
  deviceReadings: (ref: string, query: Query) => call<T.Reading[]>("GET", `/devices/${part(ref)}/readings`, { query }),
  deviceHistory: (ref: string) => call<T.DeviceDone[]>("GET", `/devices/${part(ref)}/history`),
  refusedMessages: () => call<T.Refusal[]>("GET", "/devices/refused"),
  importDevices: async (form: FormData): Promise<T.DevicesImported> => {
    const answer = await file("POST", "/devices/import", { form });
    const count = (name: string) => Number(answer.headers.get(name) ?? 0);
    return { made: count("X-Devices-New"), same: count("X-Devices-Same"), file: answer.status === 204 ? null : await answer.blob() };
  },

  rules: (query: Query) => call<T.Page<T.Rule>>("GET", "/rules", { query }),
  ruleVersions: (code: string) => call<T.RuleVersion[]>("GET", `/rules/${part(code)}/versions`),
  writeRule: (json: T.NewRule) => call<T.Rule>("POST", "/rules", { json }),
  rewriteRule: (code: string, version: number, definition: object) =>
    call<T.Rule>("POST", `/rules/${part(code)}/versions`, { json: { version, definition } }),
  tryRule: (code: string, number: number, days: number) =>
    call<T.RuleVersion>("POST", `/rules/${part(code)}/versions/${number}/try`, { json: { days } }),
  holdRule: (code: string, version: number, number: number | null) =>
    call<T.Rule>("PUT", `/rules/${part(code)}/holds`, { json: { version, number } }),
  warnings: (query: Query) => call<T.Page<T.Warning>>("GET", "/warnings", { query }),
  hazards: () => call<T.Hazard[]>("GET", "/warnings/hazards"),
  writeWarning: (json: T.WarningFields & { place: string }) => call<T.Warning>("POST", "/warnings", { json }),
  changeWarning: (ref: string, version: number, values: Partial<T.WarningFields>) =>
    call<T.Warning>("PATCH", `/warnings/${part(ref)}`, { json: { version, values } }),
  sendWarning: (ref: string, version: number) => call<T.Warning>("POST", `/warnings/${part(ref)}/send`, { json: { version } }),
  followWarning: (ref: string, msg_type: "Update" | "Cancel") =>
    call<T.Warning>("POST", `/warnings/${part(ref)}/follow`, { json: { msg_type } }),
  dropWarning: (ref: string, version: number) => call<void>("DELETE", `/warnings/${part(ref)}`, { query: { version } }),
  callMeeting: (ref: string, json: { people: string[]; note: string }) =>
    call<T.Case>("POST", `/cases/${part(ref)}/meeting`, { json }),
  around: (ref: string) => call<T.Around>("GET", `/cases/${part(ref)}/around`),
  scene: (place: string) => call<T.Scene>("GET", "/command/now", { query: { place } }),
  pastDay: (query: { place: string; at?: string }) => call<T.PastDay>("GET", "/command/day", { query }),
  shiftReport: (query: { place: string; since: string; until: string }) =>
    call<T.ShiftReport>("GET", "/command/shift-report", { query }),
  broadcast: (json: { place: string; text: string; urgent: boolean }) =>
    call<{ told: number; names: string[] }>("POST", "/command/broadcast", { json }),
  dutyWeek: (query: { place: string; day: string }) => call<T.DutyWeek>("GET", "/shifts/week", { query }),
  dutyHoles: (place: string) => call<T.DutyHoles[]>("GET", "/shifts/holes", { query: { place } }),
  dutyPeople: (place: string) => call<T.DutyPerson[]>("GET", "/shifts/people", { query: { place } }),
  planShifts: (json: T.ShiftPlan) => call<T.ShiftsMade>("POST", "/shifts/plan", { json }),
  importShifts: (form: FormData) => call<T.ShiftsMade>("POST", "/shifts/import", { form }),
  standIn: (id: number, username: string) => call<void>("POST", `/shifts/${id}/substitute`, { json: { username } }),
  handOver: (id: number, note: string) => call<void>("POST", `/shifts/${id}/hand-over`, { json: { note } }),
  takeOff: (id: number) => call<void>("DELETE", `/shifts/${id}`),
  dwellingNotes: (query: Query) => call<T.Page<T.DwellingNote>>("GET", "/dwelling-notes", { query }),
  enterDwellingNote: (json: T.DwellingNoteValues & { place: string }) => call<T.DwellingNote>("POST", "/dwelling-notes", { json }),
  changeDwellingNote: (id: number, json: T.DwellingNoteValues & { version: number }) =>
    call<T.DwellingNote>("PUT", `/dwelling-notes/${id}`, { json }),
  dwellingNote: (id: number) => call<T.DwellingNoteWhole>("POST", `/dwelling-notes/${id}/reveal`),
  withdrawDwellingNote: (id: number) => call<void>("DELETE", `/dwelling-notes/${id}`),
  notices: () => call<T.Notice[]>("GET", "/notices"),
  noticeShown: (id: number) => call<T.Notice>("POST", `/notices/${id}/delivered`),
  push: () => call<T.Push>("GET", "/me/push"),
  addPush: (json: T.NewPush) => call<T.PushBrowser>("POST", "/me/push", { json }),
  removePush: (id: number) => call<void>("DELETE", `/me/push/${id}`),
  projectFiles: (ref: string) => call<T.ProjectFile[]>("GET", `/projects/${part(ref)}/files`),
  projectFile: (ref: string, id: number, small = false) => `/api/v1/projects/${part(ref)}/files/${id}${small ? "?small=true" : ""}`,
  addProjectFile: (ref: string, form: FormData) => call<T.ProjectFile>("POST", `/projects/${part(ref)}/files`, { form }),
  removeProjectFile: (ref: string, id: number) => call<void>("DELETE", `/projects/${part(ref)}/files/${id}`),
  receiveProjects: (form: FormData) =>
    call<{ made: T.Project[]; known: string[] }>("POST", "/projects/oc4ids", { form }),

  colours: () => call<T.Swatch[]>("GET", "/map/colours"),
  profiles: () => call<T.Profile[]>("GET", "/map/profiles"),
  reach: (query: Query) => call<T.Isochrones>("GET", "/map/reach", { query }),
  journey: (query: Query) => call<T.Journey>("GET", "/map/journey", { query }),
  relief: () => call<T.Relief>("GET", "/map/relief"),
  surface: (query: Query) => call<T.Surface>("GET", "/map/surface", { query }),
  near: (run: string, [lon, lat]: T.Position) =>
    call<T.Near[]>("GET", "/map/near", { query: { run, lon, lat } }),

  layers: () => call<T.Page<T.OwnLayer>>("GET", "/layers", { query: { limit: 1000 } }),
  addLayer: (form: FormData) => call<T.OwnLayer>("POST", "/layers", { form }),
  changeLayer: (id: number, json: Partial<T.OwnLayer>) =>
    call<T.OwnLayer>("PATCH", `/layers/${id}`, { json }),
  removeLayer: (id: number) => call<void>("DELETE", `/layers/${id}`),
  layerFeatures: (id: number, query: Query) =>
    call<T.LayerFeatures>("GET", `/layers/${id}/features`, { query }),
  layerFeature: (id: number, row: number) =>
    call<T.LayerFeature>("GET", `/layers/${id}/features/${row}`),
  layerByPlace: (id: number, query: Query) =>
    call<{ items: T.Summed[]; outside: number }>("GET", `/layers/${id}/by-place`, { query }),

  accounts: (query: Query) => call<T.Page<T.Account>>("GET", "/accounts", { query }),
  makeAccount: (json: Record<string, unknown>) => call<T.Account>("POST", "/accounts", { json }),
  setActive: (username: string, active: boolean) =>
    call<T.Account>("POST", `/accounts/${part(username)}/active`, { json: { active } }),
  grant: (username: string, json: Record<string, unknown>) =>
    call<T.Role>("POST", `/accounts/${part(username)}/roles`, { json }),
  revokeRole: (id: number) => call<void>("DELETE", `/roles/${id}`),
  audit: (query: Query) => call<T.Page<T.AuditEntry>>("GET", "/audit", { query }),

  chats: () => call<T.ChatList>("GET", "/chats"),
  addChat: (json: Record<string, string>) => call<T.Chat>("POST", "/chats", { json }),
  testChat: (id: number) => call<T.Chat>("POST", `/chats/${id}/test`),
  endChat: (id: number) => call<T.Chat>("DELETE", `/chats/${id}`),
  groups: (query: Query) => call<T.Page<T.Group>>("GET", "/groups", { query }),
  makeGroup: (json: Record<string, string>) => call<T.Group>("POST", "/groups", { json }),
  changeGroup: (id: number, json: Record<string, string>) => call<T.Group>("PATCH", `/groups/${id}`, { json }),
  addMember: (id: number, username: string) =>
    call<T.Group>("POST", `/groups/${id}/members`, { json: { username } }),
  removeMember: (id: number, username: string) =>
    call<T.Group>("DELETE", `/groups/${id}/members/${part(username)}`),
  endGroup: (id: number) => call<T.Group>("POST", `/groups/${id}/end`),

  residents: (query: Query) => call<T.Page<T.Resident>>("GET", "/residents", { query }),
  registerResident: (json: Record<string, unknown>) =>
    call<T.Resident>("POST", "/residents", { json }),
  reveal: (id: number, purpose: string) =>
    call<T.Resident>("POST", `/residents/${id}/reveal`, { json: { purpose } }),
  eraseResident: (id: number) => call<void>("DELETE", `/residents/${id}`),
};
