// An answer of another counter that makes no sense; asking again may help.

export class Unreadable extends Error {}
