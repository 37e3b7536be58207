export default {
  home: {
    about: "Where a home's spare key is, and what to look out for there. Entered with the resident's consent, encrypted; seen by who has accepted a case of that home, while they deal with it, each look audited. Deleted when the consent is withdrawn or ends.", new: "Enter a home", change: "Change", place: "Place", door: "Door", doorHint: "With the house, such as 3栋2单元501, as devices and cases write it", resident: "Who consented",
    key: "Where the spare key is, and with whom", keyHint: "Such as: grid station, key box 3; neighbour Li, 301", hazards: "Look out for", note: "Note", consentOn: "Consent given on", keepUntil: "Kept until", hasKey: "Has a key", count: "{n}", none: "No homes entered yet.", back: "Back to residents",
    reveal: "Show", revealed: "The look is audited", withdraw: "Withdraw", sureWithdraw: "The resident withdraws consent, or has moved? It cannot be brought back.", withdrawn: "Deleted", entered: "Entered", changed: "Saved", keyAt: "Spare key", asOf: "entered {on} with consent", nothing: "No door and no contacts are known.", call: "Call {who} {phone}", reporter: "Reporter",
    kinds: { oxygen: "Oxygen at home", gas_bottle: "Gas bottle", battery: "E-bike battery", dog: "Dog", dark_stairs: "Stairs without light", clutter: "Clutter", cannot_walk: "Cannot walk" },
  },
};
