// Unified social credit codes (GB 32100-2015): eighteen characters, the last a check digit. The server decides; this says
// while one types whether the code can be right.
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const LENGTH = 18;
const MODULUS = 31;

export function isCreditCode(text: string): boolean {
  if (text.length !== LENGTH || Array.from(text).some((one) => !ALPHABET.includes(one))) return false;
  let weight = 1;
  let total = 0;
  for (const one of text.slice(0, -1)) {
    total += ALPHABET.indexOf(one) * weight;
    weight = (weight * 3) % MODULUS;
  }
  return ALPHABET[(MODULUS - (total % MODULUS)) % MODULUS] === text.at(-1);
}
