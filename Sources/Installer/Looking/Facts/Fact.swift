/// Something that is looked up: not known yet, known, or not to be had, and why.
public enum Fact<Value: Sendable>: Sendable {
    case pending
    case known(Value)
    case unknown(Failure)

    public var value: Value? {
        guard case .known(let value) = self else { return nil }
        return value
    }

    public var failure: Failure? {
        guard case .unknown(let failure) = self else { return nil }
        return failure
    }

    public var isPending: Bool {
        guard case .pending = self else { return false }
        return true
    }
}

extension Fact: Equatable where Value: Equatable {}
