import {missing, paged} from './stand-in-github.ts';
import type {
	Call, Reply, StandIn, StandInServer, StandInTime,
} from './stand-in.ts';

const types = [['cx23', 'x86', 22], ['cax11', 'arm', 45]] as const;
const euros = (net: string) => ({net, gross: net});

/**
Hetzner's answers for a project of its own.
*/
export function hetznerRoutes(world: StandIn, about: StandInTime): (call: Call) => Reply {
	const serverRow = ({id, name, labels, created, status, type}: StandInServer) => ({
		id, name, status, created, labels, public_net: {ipv4: {ip: '203.0.113.7', blocked: false}, ipv6: {ip: '2001:db8::/64', blocked: false}, floating_ips: []}, server_type: {
			id: 1, name: type, architecture: 'x86', cores: 2, memory: 4,
		}, location: {id: 1, name: 'fsn1'}, protection: {delete: false, rebuild: false}, locked: false,
	});
	const action = (command: string) => ({
		id: about.nextId(), command, status: 'success', progress: 100, started: about.now(), finished: about.now(), resources: [], error: null,
	});

	return call => {
		const {method, path, query, body} = call;
		const id = Number(/^\/v1\/servers\/(?<id>\d+)$/v.exec(path)?.groups?.id);
		const found = world.servers.find(one => one.id === id);
		switch (`${method} ${path.slice('/v1'.length).replace(/\/\d+$/v, '/id')}`) {
			case 'GET /servers': {
				return paged('servers', world.servers.filter(({name}) => (query.get('name') ?? name) === name).map(one => serverRow(one)), call, '');
			}

			case 'POST /servers': {
				const {name, labels, server_type: type} = body as {name: string; labels: Record<string, string>; server_type: string};
				const server: StandInServer = {
					id: about.nextId(), name, labels, type, created: about.now(), status: 'running',
				};
				world.servers.push(server);
				world.tell(`the engine makes ${name}`);
				return {
					status: 201, body: {
						server: serverRow(server), action: action('create_server'), next_actions: [], root_password: null,
					},
				};
			}

			case 'GET /servers/id':
			case 'PUT /servers/id': {
				return found === undefined ? missing : {status: 200, body: {server: serverRow(found)}};
			}

			case 'DELETE /servers/id': {
				world.servers.splice(0, world.servers.length, ...world.servers.filter(one => one !== found));
				world.tell(`the engine deletes ${found?.name ?? 'nothing'}`);
				return found === undefined ? missing : {status: 200, body: {action: action('delete_server')}};
			}

			case 'GET /server_types': {
				return paged('server_types', types.map(([name, architecture, number]) => ({
					id: number, name, architecture, cores: 2, memory: 4, disk: 40, deprecated: false, deprecation: null, prices: [{location: 'fsn1', price_hourly: euros('0.0056'), price_monthly: euros('3.49')}], locations: [{id: 1, name: 'fsn1', deprecation: null}],
				})), call, '');
			}

			case 'GET /pricing': {
				return {status: 200, body: {pricing: {currency: 'EUR', vat_rate: '0', primary_ips: [{type: 'ipv4', prices: [{location: 'fsn1', price_hourly: euros('0.0008'), price_monthly: euros('0.50')}]}]}}};
			}

			case 'GET /locations': {
				return paged('locations', [{id: 1, name: 'fsn1'}], call, '');
			}

			case 'GET /images': {
				return paged('images', ['x86', 'arm'].map((architecture, index) => ({
					id: index + 1, name: 'ubuntu-24.04', architecture, os_flavor: 'ubuntu', type: 'system', status: 'available', deprecated: null,
				})), call, '');
			}

			case 'GET /ssh_keys': {
				return paged('ssh_keys', [{
					id: 1, name: 'key', fingerprint: '', public_key: world.publicKey,
				}], call, '');
			}

			default: {
				return path.startsWith('/v1/actions') ? paged('actions', query.getAll('id').map(one => ({...action('create_server'), id: Number(one)})), call, '') : missing;
			}
		}
	};
}
