/**
 * Neumaier's compensated sum, as Prometheus adds floats: `sum` and `lost` together are the result. An
 * infinite sum has nothing to compensate.
 */
export class KahanSum {
  sum: number;
  lost: number;

  constructor(sum = 0, lost = 0) {
    this.sum = sum;
    this.lost = lost;
  }

  add(value: number): void {
    const total = this.sum + value;
    if (total === Infinity || total === -Infinity) this.lost = 0;
    else if (Math.abs(this.sum) >= Math.abs(value)) this.lost += this.sum - total + value;
    else this.lost += value - total + this.sum;
    this.sum = total;
  }

  get total(): number {
    return Number.isFinite(this.sum) ? this.sum + this.lost : this.sum;
  }
}
