export declare const root: string;
export declare function aliases(): Record<string, string>;
