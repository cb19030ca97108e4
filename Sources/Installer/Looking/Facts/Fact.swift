import MutualTLS

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

extension Fact {
    /// Looks it up. It never fails: a failure is what is known then.
    /// - Parameter look: throws ``Failure``, or `CancellationError` where nobody waits for it any more.
    init(_ look: () async throws -> Value) async {
        do { self = .known(try await look()) } catch let error as CredentialsError {
            self = .unknown(Failure(error))
        } catch { self = .unknown(error as? Failure ?? Failure("It was not looked up")) }
    }
}
