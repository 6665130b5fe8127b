/** English texts of the sandbox. */

type Side = -1 | 0 | 1;
const gains = (side: Side): string => (side > 0 ? "gains" : side < 0 ? "loses" : "makes no clear difference:");

export const sandbox = {
  tab: "Sandbox",
  title: "Try it yourself",
  lead: "Choose an undercurrent, measures and designs. The model runs many possible futures, with the same luck in each, and compares them with today's way of working.",
  region: "Region", scenario: "What happens outside", undercurrent: "Undercurrent", levels: "Levels to begin with",
  knobs: { parochialism: "Own municipality first", cleavage: "Divide between town and country", negativity: "Bad news weighs more" },
  level: (name: string) => `Undercurrent: ${name}.`,
  ownLevel: "Undercurrent: your own setting.",
  designs: "Choose designs", against: "Compare with today's way of working",
  most: (most: number) => `At most ${most} designs at once: take one away first.`,
  measures: "Add measures", measuresHow: "A measure also works without founding anything. 0% is without, 100% is at full strength.",
  counting: (futures: number) => `Running ${futures} futures …`,
  refining: (futures: number, all: number) => `${futures} futures; going on to ${all} …`,
  counted: (futures: number) => `${futures} possible futures in each of the two worlds.`,
  design: "Design", ifFounded: "Gain if founded", asDecided: "Gain as decided", chance: "Chance that it is founded",
  calmGain: "Gain as decided, without undercurrent", calmChance: "Chance, without undercurrent",
  nowMeasured: "Today's way with these measures", noVote: "no vote",
  range: (mean: string, low: string, high: string) => `${mean} (${low} to ${high})`,
  verdict: (name: string, founded: Side, gain: string, decided: Side, decidedGain: string, chance: string) =>
    `${name}: if founded it ${gains(founded)} ${gain} points of value. Municipalities found it in ${chance} of the futures; as decided it ${gains(decided)} ${decidedGain}.`,
  gains: (futures: number) => `Gain against today's way, in percentage points of value (${futures} futures)`,
  sure: "Between brackets: the 95% interval of the mean. If it holds 0, the model does not tell the difference. Value: the share of what action in the region can bring a municipality that is reached at the end.",
  fan: (futures: number) => `Where ${futures} futures end: value at the end, as decided`,
  fanHow: "Light bar: nine in ten futures. Dark bar: the middle half. Line: the middle future. One future can differ much from the mean.",
  fanWords: "The figure in numbers",
  bandHere: (name: string) => `${name}, this undercurrent`, bandCalm: (name: string) => `${name}, no undercurrent`,
  quantile: (percent: number) => (percent === 50 ? "middle" : `${percent}% lower`),
  counts: (futures: number) => `What happens, as decided, with this undercurrent (${futures} futures)`,
  agreements: "Agreements", deadlocks: "Deadlocks", completed: "Completed", kept: "Promises kept",
  countsHow: "Mean, with nine in ten futures between brackets. Promises that were neither broken nor late count as kept.",
  closer: "A closer look", showTowns: "Each municipality", showMap: "One future on the map",
  town: "Municipality", says: "Chance of a yes", value: "Value", trust: "Trust of others", grievance: "Grievance of others",
  towns: (name: string, futures: number) => `${name}: each municipality in ${futures} futures`,
  townsHow: (few: number) => `Mean, with nine in ten futures between brackets. Chance of a yes: in the first vote on founding, in ${few} futures; a dash where there is no vote.`,
  what: "Show", mapTitle: { trust: "Trust of others in it", grievance: "Grievance of others with it", promises: "Share of its promises that it kept" },
  place: {
    trust: (town: string, share: string, _due: number) => `${town}: the others trust it ${share}`,
    grievance: (town: string, share: string, _due: number) => `${town}: the others' grievance with it is ${share}`,
    promises: (town: string, share: string, due: number) => (due === 0 ? `${town}: no promise fell due yet` : `${town}: kept ${share} of ${due} promises`),
  },
  happened: (date: string, events: number, told: readonly string[]) =>
    `In the ${date}: ${events === 0 ? "nothing happened that is recorded." : told.length === 0 ? `${events} small events.` : told.join(" ")}`,
  oneFuture: (number: number) => `This is future ${number}: one of many. It says what can happen, not what will.`,
  other: "Another future",
};
