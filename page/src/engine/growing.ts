/** A run put together of what each step adds to it. */

import type { Change, Event, Run } from "./contract.js";

type Columns = Readonly<Record<string, Float64Array>>;

/** Numbers to which more are added; what was handed out before stays as it is. */
class Row {
  private room = new Float64Array(0);
  private used = 0;

  add(more: Float64Array): Float64Array {
    const last = this.used + more.length;
    if (last > this.room.length) {
      const wider = new Float64Array(Math.max(last, 2 * this.room.length));
      wider.set(this.room);
      this.room = wider;
    }
    this.room.set(more, this.used);
    this.used = last;
    return this.room.subarray(0, last);
  }
}

/** The run so far, of parts that `SingleRun.next` gives one after the other. */
export class Growing {
  private readonly rows = new Map<string, Row>();
  private events: readonly Event[] = [];
  private changes: readonly Change[] = [];

  add(part: Run): Run {
    this.events = [...this.events, ...part.events];
    this.changes = [...this.changes, ...part.changes];
    return {
      ...part, series: this.columns("series", part.series), municipalities: this.columns("municipalities", part.municipalities),
      capacity: this.columns("capacity", part.capacity), trust: this.row("trust", part.trust), grievance: this.row("grievance", part.grievance),
      events: this.events, changes: this.changes,
    };
  }

  private columns(table: string, more: Columns): Columns {
    return Object.fromEntries(Object.entries(more).map(([name, values]) => [name, this.row(`${table}.${name}`, values)]));
  }

  private row(name: string, more: Float64Array): Float64Array {
    const row = this.rows.get(name) ?? new Row();
    this.rows.set(name, row);
    return row.add(more);
  }
}
