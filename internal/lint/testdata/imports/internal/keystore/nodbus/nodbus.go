package nodbus

func init() {}
