/// Why a text was not taken as an answer, and one that would be.
struct Refusal: Error, Equatable {
    var message: String
    var example: String?

    init(_ message: String, example: String? = nil) {
        self.message = message
        self.example = example
    }
}
