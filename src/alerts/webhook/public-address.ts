import ipaddr from 'ipaddr.js';

/** What is routed on the Internet (RFC 4291); everything else of IPv6 is local, reserved or a wrapping of IPv4. */
const globalUnicast = ipaddr.IPv6.parse('2000::');
const GLOBAL_UNICAST_BITS = 3;

/** NAT64 (RFC 6052): in an IPv6-only network every IPv4 host has such an address, so it is as public as that host. */
const nat64 = ipaddr.IPv6.parse('64:ff9b::');
const NAT64_BITS = 96;

/**
 * Whether an address belongs to the public Internet: not to this machine, a private network, a cloud's metadata
 * service, a multicast group or a range kept for documents and tests. An address that wraps an IPv4 address is
 * judged by that one, and refused where it needs a relay (6to4, Teredo).
 *
 * @param address as a name lookup gives it; anything else is not public
 * @example isPublicAddress('169.254.169.254') // false
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.range() === 'unicast';
  if (parsed.match(nat64, NAT64_BITS)) return isPublicAddress(parsed.toByteArray().slice(12).join('.'));
  return parsed.match(globalUnicast, GLOBAL_UNICAST_BITS) && parsed.range() === 'unicast';
}
