/// A key and what it does, for the foot of the screen and for the help.
struct KeyHint: Equatable, Sendable {
    let key: String
    let meaning: String

    init(_ key: String, _ meaning: String) {
        self.key = key
        self.meaning = meaning
    }
}
