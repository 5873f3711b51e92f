// Maintenance: fault orders, contracts, planned outages.
import { get, patch, post } from './http';
import type { Page, Schemas } from './types';

export type Order = Schemas['Order'];
export type OrderWhole = Schemas['OrderWhole'];
export type OrderState = Order['state'];
export type OrderWish = Schemas['OrderWish'];
export type Outage = Schemas['Outage'];
export type OutageWish = Schemas['OutageWish'];
export type Contract = Schemas['Contract'];
export type ContractWish = Schemas['ContractWish'];
export type ContractPatch = Schemas['ContractPatch'];

export interface OrderFilter {
  state?: string | undefined;
  under?: string | undefined;
  system?: string | undefined;
  camera?: string | undefined;
  late?: boolean | undefined;
  limit?: number;
  after?: string | null;
}

export async function orders(filter: OrderFilter, signal?: AbortSignal): Promise<Page<Order>> {
  return get('/orders', { ...filter }, signal);
}

export async function order(id: string, signal?: AbortSignal): Promise<OrderWhole> {
  return get(`/orders/${id}`, undefined, signal);
}

export async function openOrder(wish: OrderWish): Promise<OrderWhole> {
  return post('/orders', wish);
}

/** As the unit that maintains. */
export async function workOrder(id: string, to: 'responded' | 'repaired', note: string): Promise<OrderWhole> {
  return post(`/orders/${id}/work`, { to, note });
}

/** As the unit that uses the system. */
export async function stepOrder(id: string, to: 'confirmed' | 'responded' | 'withdrawn', note: string): Promise<OrderWhole> {
  return post(`/orders/${id}/steps`, { to, note });
}

export async function outages(system: string, signal?: AbortSignal): Promise<Outage[]> {
  return get(`/systems/${system}/outages`, undefined, signal);
}

export async function planOutage(wish: OutageWish): Promise<Outage> {
  return post('/outages', wish);
}

export async function contracts(query: { q?: string | undefined; under?: string | undefined; ends_until?: string | undefined; limit?: number; after?: string | null }, signal?: AbortSignal): Promise<Page<Contract>> {
  return get('/contracts', { ...query }, signal);
}

export async function contract(id: string, signal?: AbortSignal): Promise<Contract> {
  return get(`/contracts/${id}`, undefined, signal);
}

export async function enterContract(wish: ContractWish): Promise<Contract> {
  return post('/contracts', wish);
}

export async function changeContract(id: string, change: ContractPatch): Promise<Contract> {
  return patch(`/contracts/${id}`, change);
}
