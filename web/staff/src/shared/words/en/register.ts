export default {
  facility: {
    many: "Facilities", ref: "Ref", name: "Name", type: "Type", place: "Place", capacity: "Capacity", floor_area_m2: "Floor area (m²)", hours: "Opening hours",
    operator: "Operator", level: "Level", levels: { community: "Community", street: "Street", city: "District or city" }, lon: "Longitude",
    lat: "Latitude", condition: "Condition (1–5)", utilisation: "Utilisation (0–2)", operating: "Operating", open_as_stated: "Open as stated",
    barrier_free: "Barrier-free", safe: "Passed safety check", licensed: "Licensed", fields: "Fields", checked: "Checked", never: "never",
    stale: "not for long", surround: "surround", new: "New facility", edit: "Edit in the register", open: "See in the register",
    needed: "A name, a type and a source are needed.", remove: "Take out", sure: "Take “{name}” out of the register? What was known of it stays.", removedHere: "kept by the register",
    meanwhile: "{name} changed this facility just now. The latest is shown; please make your change again.",
  },
  space: {
    many: "Idle spaces", about: "Premises that stand empty, or do at times: what they may become, and when they may be shared.", new: "New idle space",
    fields: "Fields", textHint: "name or ref", area_m2: "Area (m²)", cost_cny: "Cost of refitting (CNY)", floor: "Floor (1 is the ground)", free_from: "Free from year", allowed_types: "May become", anyType: "not limited",
    shared_hours: "May be shared", and: ", ", hoursHint: "As opening hours: Mo-Fr 18:00-21:00 is weekday evenings. Empty: free at all times.",
    needed: "A name, an area and a position are needed.", remove: "Take off the list", sure: "Take “{name}” off the list of idle spaces?",
    meanwhile: "Somebody changed it just now. The latest is shown; please make your change again.",
  },
  photo: {
    many: "Photos", none: "No photos yet.", add: "Add photo", file: "Photo file", caption: "Caption", captionHint: "such as: the entrance",
    one: "{name}, photo {k}", taken: "Taken on {day}", by: "added by {name}, {when}", remove: "Delete photo",
    sure: "Delete this photo? It cannot be brought back.", removed: "Deleted", smaller: "Close photo",
    limits: "JPEG, PNG or WebP of at most 15 MiB each; ten a facility. Where it was taken is not kept. Leave people's faces out.",
    full: "There are ten photos; to add one, delete one first.",
  },
  said: { source: "Source", sourceHint: "such as: site visit, civil affairs list", on: "As of" },
  history: { title: "History", none: "Nothing was changed yet; what stands here came with the bundle.", field: "Field", value: "Value", by: "Recorded by" },
  export: { title: "Export", xlsx: "Excel (XLSX)", csv: "CSV", geojson: "GeoJSON", parquet: "GeoParquet", gpkg: "GeoPackage" },
  import: {
    title: { facilities: "Import facilities", spaces: "Import idle spaces" }, short: "Import", about: "Upload a table, read what it would change, then apply it; an import can be taken back as a whole.",
    back: { facilities: "Back to the register", spaces: "Back to idle spaces" }, file: "Table (CSV, XLSX, GeoJSON, GeoPackage, GeoParquet)", crs: "Coordinates",
    columns: {
      facilities: "Columns as in the exported table: id, name, type, lon and lat are needed, the others may be left out; a blank cell changes nothing.",
      spaces: "Columns as in the exported table: id, name, area_m2, lon and lat are needed, the others may be left out; a blank cell changes nothing.",
    },
    crsOf: { EPSG4326: "WGS84", GCJ02: "GCJ-02", BD09: "BD-09" }, preview: "Upload for a preview", state: "State",
    states: { preview: "Preview, nothing changed", applied: "Applied", undone: "Taken back" }, new: "New", changed: "Changed", refused: "Refused",
    changes: "What it changes", issues: "Rows refused, and warnings", kind: "Kind", what: "Values", apply: "Apply {count} changes", applied: "Applied",
    undo: "Take it back", undone: "Taken back", again: "Another file",
  },
  unit: {
    seats: "seats", places: "places", beds: "beds", m2: "m²", m: "m", centres: "centres", stations: "stations", points: "points", complexes: "complexes",
    outlets: "outlets", devices: "devices", share: "devices", stops: "stops", spaces: "spaces", units: "units", rooms: "rooms", meals_per_day: "meals a day", people: "people",
  },
};
