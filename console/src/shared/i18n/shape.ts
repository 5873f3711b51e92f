// The shape of a message file with every text widened to string: English has exactly the keys of Chinese.
export type Shape<T> = { [K in keyof T]: T[K] extends string ? string : Shape<T[K]> };
