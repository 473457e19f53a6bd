export const NOTES = ["船", "橋", "茶亭"];
