/** What the hub's interface says, as its OpenAPI document (/api/v1/openapi.json) describes it. */
export type * from "./assessments";
export type * from "./cases";
export type * from "./circles";
export type * from "./command";
export type * from "./common";
export type * from "./devices";
export type * from "./duty";
export type * from "./facilities";
export type * from "./homes";
export type * from "./layers";
export type * from "./map";
export type * from "./patrols";
export type * from "./people";
export type * from "./places";
export type * from "./planning";
export type * from "./surveys";
export type * from "./warnings";
export * from "./rules";
