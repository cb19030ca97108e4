/// Why a part of the lab is not usable, as a sentence.
public struct LabFailure: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
