/**
What Hetzner sold in September 2026: net euros a month in the EU, without the address of 0.50, as its price page showed them after that year's
rises (robhunter/agentdeals#1286, #1323). A type that no report names is estimated from its neighbours.
*/
export const monthlyEuros: Readonly<Record<string, number>> = {
	cpx11: 17.49, cpx21: 24.99, cpx31: 41.99, cpx41: 78.99, cpx51: 157.99,
	cax11: 5.99, cax21: 10.49, cax31: 20.99, cax41: 40.99,
	ccx13: 42.99, ccx23: 85.99, ccx33: 138.49, ccx43: 275.99, ccx53: 549.99, ccx63: 824.99,
	cpx12: 11.49, cpx22: 19.49, cpx32: 35.49, cpx42: 69.49, cpx52: 100.49, cpx62: 129.99,
	cx23: 5.49, cx33: 8.49, cx43: 15.99, cx53: 29.49,
};

/**
The types that its price page called "not available" on 3 and 4 September 2026 (robhunter/agentdeals#1181): all the cheap ones.
*/
export const notAvailable: readonly string[] = ['cx23', 'cx33', 'cx43', 'cx53', 'cax11', 'cax21', 'cax31', 'cax41'];
